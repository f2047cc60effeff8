import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { signatureOf, startReceiver } from "./support/receiver.ts";
import { sweepNowAndThen } from "./support/sweep.ts";

const receiver = await startReceiver();
const house = useHouse({ vars: { EGRESS_ALLOW_HOSTS: receiver.host }, interrupted: true });
const sweep = sweepNowAndThen(house);
afterAll(() => void receiver.close());

const run = promisify(execFile);
/** The command line, as a person starts it. */
const apex = async (key: string, ...argv: string[]): Promise<unknown> => {
  const { stdout } = await run(process.execPath, ["--import", "./scripts/node-version.mjs", "scripts/apex.ts", ...argv, "--json"], { env: { ...process.env, APEX_API_URL: house.url, APEX_API_KEY: key } });
  return JSON.parse(stdout);
};
const keyOf = async (): Promise<string> => {
  const answer = await house.client.ask("POST", "/api/api-keys", { json: { name: "crm", scopes: ["admin"] } });
  return answer.as(z.object({ key: z.string() })).key;
};
const endpointSchema = z.object({ id: z.string(), secret: z.string() });

describe("a webhook", () => {
  it("tells a receiver outside of a form's lead, signed as the specification says", async () => {
    const business = await openBusiness(house);
    const { id, secret } = endpointSchema.parse(await apex(await keyOf(), "webhooks", "add", "--url", receiver.url, "--events", "lead.created", "--project", business.project_id));
    const { lead_id } = await business.submitWordPress({ "your-name": "Jane Doe", "your-phone": phoneNumber() });
    const posted = await eventually("the lead is told of", () => receiver.posted.find(({ body }) => body.includes(lead_id)));
    expect(JSON.parse(posted.body)).toMatchObject({ type: "lead.created", data: { id: lead_id, name: "Jane Doe" } });
    expect(posted.headers["webhook-signature"]).toBe(signatureOf(secret, posted));
    expect(Math.abs(Number(posted.headers["webhook-timestamp"]) * 1000 - Date.now())).toBeLessThan(300_000);
    await apex(await keyOf(), "webhooks", "remove", id);
  });

  it("that a killed Worker had not delivered is delivered by the next one, under the same id", async () => {
    const key = await keyOf();
    const { id } = endpointSchema.parse(await apex(key, "webhooks", "add", "--url", receiver.url, "--events", "run.dead"));
    receiver.answers(503);
    const { id: delivery } = z.object({ id: z.string() }).parse(await apex(key, "webhooks", "test", id));
    const attempts = () => receiver.posted.filter(({ headers }) => headers["webhook-id"] === delivery).length;
    await eventually("it is tried", () => attempts() > 0);
    await house.kill();
    await house.restart();
    receiver.answers(200);
    const before = attempts();
    // Somebody says that the receiver is well: it is not left alone any longer.
    await apex(key, "webhooks", "replay", delivery);
    await eventually("it is delivered", async () => {
      await sweep();
      return attempts() > before;
    });
    const statusOf = async (): Promise<string> => (await house.client.ask("GET", `/api/webhook-deliveries/${delivery}`)).as(z.object({ status: z.string() })).status;
    await eventually("it is known to be delivered", async () => (await statusOf()) === "delivered");
  });
});
