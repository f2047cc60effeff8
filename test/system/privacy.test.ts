import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readCommand, runCommand } from "../../scripts/lib/operator.ts";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

const OPERATOR_SECRET = "an-operators-secret-for-system-tests";
const house = useHouse({ vars: { APEX_OPERATOR_SECRET: OPERATOR_SECRET } });

const verification = z.object({ ok: z.boolean(), checked: z.number(), unsealed: z.number(), broken_at: z.unknown() });
const verify = async () => (await house.client.ask("GET", "/api/audit/verify")).as(verification);

describe("a person who talked to the business", () => {
  it("is erased at Twilio too, and the chain over the audit log holds before and after", async () => {
    const business = await openBusiness(house);
    const phone = phoneNumber();
    const { lead_id } = await business.submitGoogle({ name: "Erased Person", phone });
    const call = await business.analysed(lead_id);
    const path = call.recording_url ?? "";
    const { call_sid } = z.looseObject({ call_sid: z.string() }).parse((await house.client.entity(lead_id)).metadata);
    expect((await house.client.recording(path)).status).toBe(200);
    const twilio = async (resource: string) =>
      fetch(`${house.sandbox.url}/2010-04-01/Accounts/${house.sandbox.accountSid}${resource}`, { headers: { Authorization: `Basic ${btoa(`${house.sandbox.accountSid}:${house.sandbox.authToken}`)}` } });
    const recordings = async (): Promise<unknown[]> => z.object({ recordings: z.array(z.unknown()) }).parse(await (await twilio(`/Calls/${call_sid}/Recordings.json`)).json()).recordings;
    expect(await recordings()).toHaveLength(1);
    await house.sweep();
    const before = await verify();
    expect(before).toMatchObject({ ok: true, unsealed: 0, broken_at: null });

    expect((await house.client.ask("DELETE", `/api/entities/${lead_id}`)).status).toBe(204);
    await eventually("the run that erases", async () => (await house.client.runs({ task: "privacy" })).items.some((run) => run.status === "succeeded"));
    expect(await recordings()).toEqual([]);
    expect((await house.client.recording(path)).status).toBe(404);
    expect((await house.client.calls({ lead_id })).items).toEqual([]);
    expect((await house.client.entities({ q: "Erased" })).items).toEqual([]);
    await house.sweep();
    const after = await verify();
    expect(after).toMatchObject({ ok: true, unsealed: 0, broken_at: null });
    expect(after.checked).toBeGreaterThan(before.checked);
  });
});

describe("the operator's command", () => {
  it("lists, suspends and lets in again, and rotates, against the Worker itself", async () => {
    const lines: string[] = [];
    const run = async (...args: string[]) => runCommand(readCommand(args).command, { url: house.url, secret: OPERATOR_SECRET, fetch, print: (line) => lines.push(line) });
    expect(await run("list")).toBe(true);
    expect(lines.some((line) => line.startsWith(house.tenantId))).toBe(true);
    await run("suspend", house.tenantId);
    expect((await house.client.ask("GET", "/api/entities")).problem()).toMatchObject({ status: 403, code: "tenant_suspended" });
    await run("unsuspend", house.tenantId);
    expect((await house.client.ask("GET", "/api/entities")).status).toBe(200);
    expect(await run("rotate")).toBe(true);
    await expect(run("plan", "ten_nobody", "pro")).rejects.toThrow("404");
  });
});
