import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const DAY_MS = 86_400_000;
const listSchema = z.object({ items: z.array(z.object({ phone: z.string(), verified_at: z.string().nullable() })) });
const problemSchema = z.object({ code: z.string(), errors: z.array(z.object({ path: z.string(), message: z.string() })).optional() });
const problem = async (response: Response) => ({ status: response.status, ...problemSchema.parse(await response.json()) });

const verify = async (project: TestProject, phone: string, channel = "sms") => project.api("POST", `/api/projects/${project.id}/destinations/${phone}/verify`, { channel });
const confirm = async (project: TestProject, phone: string, code: string) => project.api("POST", `/api/projects/${project.id}/destinations/${phone}/confirm`, { code });
const codeTo = (phone: string): string => /\d{6}/.exec(twilio.textsTo(phone).at(-1)?.form.get("Body") ?? "")?.[0] ?? "";
const other = (code: string): string => (code === "000000" ? "000001" : "000000");
const trustOf = async (project: TestProject, needsAddress = false, now = Date.now()) => createMemory({ d1: env.DB, clock: { now: () => now, toRealTime: (ms) => ms } }).for(project.tenant_id, systemActor("test")).destinations.trust({ needsAddress });

describe("a phone of the business", () => {
  it("is verified by the code that was texted to it, from the service's own number", async () => {
    const project = await makeProject();
    expect(await trustOf(project)).toEqual({ plan: "standard", trusted: false, verified: new Set() });
    const response = await verify(project, project.owner);
    expect(response.status).toBe(202);
    const text = twilio.textsTo(project.owner)[0];
    expect([text?.login.split(":")[0], text?.form.get("From")]).toEqual([env.TWILIO_ACCOUNT_SID, env.TWILIO_PHONE_NUMBER]);
    const code = codeTo(project.owner);
    expect(code).toMatch(/^\d{6}$/);
    // Whoever reads all that the tenant can read does not find it.
    const readable = await Promise.all(["/api/messages", "/api/audit", "/api/runs"].map(async (path) => (await project.api("GET", path)).text()));
    const stored = JSON.stringify((await env.DB.prepare("SELECT * FROM destination_checks WHERE tenant_id = ?").bind(project.tenant_id).all()).results);
    for (const shown of [...readable, stored]) expect(shown).not.toContain(code);
    expect(await problem(await confirm(project, project.owner, other(code)))).toMatchObject({ status: 422, errors: [{ path: "code" }] });
    expect((await confirm(project, project.owner, code)).status).toBe(204);
    expect(await trustOf(project)).toEqual({ plan: "standard", trusted: true, verified: new Set([project.owner]) });
    // Where mail can be sent, the address counts as well.
    expect((await trustOf(project, true)).trusted).toBe(false);
    await env.DB.prepare("UPDATE users SET email_verified_at = 1 WHERE tenant_id = ?").bind(project.tenant_id).run();
    expect((await trustOf(project, true)).trusted).toBe(true);
    const { items } = listSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/destinations`)).json());
    expect(items).toMatchObject([{ phone: project.owner, verified_at: expect.any(String) as string }]);
    // A code works once.
    expect((await confirm(project, project.owner, code)).status).toBe(422);
  });

  it("may be told the code by a call, digit by digit", async () => {
    const project = await makeProject();
    expect((await verify(project, project.owner, "call")).status).toBe(202);
    const twiml = twilio.dialsTo(project.owner)[0]?.form.get("Twiml") ?? "";
    const code = /(?:\d, ){5}\d/.exec(twiml)?.[0].replaceAll(", ", "") ?? "";
    expect((await confirm(project, project.owner, code)).status).toBe(204);
  });

  it("is not verified by a sixth guess, were it the right one", async () => {
    const project = await makeProject();
    await verify(project, project.owner);
    const code = codeTo(project.owner);
    const guesses = await Promise.all(Array.from({ length: 5 }, async () => confirm(project, project.owner, other(code))));
    expect(guesses.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    expect((await confirm(project, project.owner, code)).status).toBe(422);
    expect((await trustOf(project)).trusted).toBe(false);
  });

  it("is not verified by another tenant, nor by its code for another phone", async () => {
    const project = await makeProject();
    const stranger = await makeProject();
    await verify(project, project.owner);
    const code = codeTo(project.owner);
    expect((await confirm(stranger, project.owner, code)).status).toBe(422);
    expect((await confirm(project, stranger.owner, code)).status).toBe(422);
    expect((await stranger.api("POST", `/api/projects/${project.id}/destinations/${project.owner}/confirm`, { code })).status).toBe(404);
    expect((await stranger.api("POST", `/api/projects/${project.id}/destinations/${project.owner}/verify`, {})).status).toBe(404);
    expect((await trustOf(stranger)).trusted).toBe(false);
  });

  it.each([["+6490012345", "a premium number"], ["+23276123456", "a country that the business does not speak to"], ["+6421", "no number at all"]])("%s (%s) gets no code", async (phone) => {
    const project = await makeProject();
    expect((await verify(project, phone, "call")).status).toBe(422);
    expect([...twilio.dialsTo(phone), ...twilio.textsTo(phone)]).toEqual([]);
    // And it did not use up the minute.
    expect((await verify(project, project.owner)).status).toBe(202);
  });

  it("gets a code a minute, five a day for a tenant and ten for a phone, whoever asks", async () => {
    const project = await makeProject();
    await verify(project, project.owner);
    const refused = await verify(project, project.owner);
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "60"]);

    const victim = "+64215559999";
    let now = Date.now();
    const memory = createMemory({ d1: env.DB, clock: { now: () => now, toRealTime: (ms) => ms } });
    const send = async ({ tenant_id, id }: TestProject): Promise<boolean> => {
      now += 61_000;
      return (await memory.for(tenant_id, systemActor("test")).destinations.open({ project_id: id, phone: victim, channel: "sms", code_hash: "x" })) !== null;
    };
    const tenants = [await makeProject(), await makeProject(), await makeProject()];
    const sent: boolean[] = [];
    for (const tenant of tenants) for (let i = 0; i < 6; i++) sent.push(await send(tenant));
    expect(sent).toEqual([...Array<boolean>(5).fill(true), false, ...Array<boolean>(5).fill(true), false, ...Array<boolean>(6).fill(false)]);
    now += DAY_MS;
    expect(await send(tenants[2] ?? project)).toBe(true);
  });

  it("has ten minutes for its code", async () => {
    const project = await makeProject();
    const start = Date.now();
    const at = (now: number) => createMemory({ d1: env.DB, clock: { now: () => now, toRealTime: (ms) => ms } }).for(project.tenant_id, systemActor("test")).destinations;
    await at(start).open({ project_id: project.id, phone: project.owner, channel: "sms", code_hash: "right" });
    expect(await at(start + 600_000).confirm(project.id, project.owner, "right")).toEqual({ ok: false, because: "no_code" });
    expect(await at(start + 599_999).confirm(project.id, project.owner, "right")).toEqual({ ok: true });
  });
});
