import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { business, MINUTE_MS } from "./leads.testing.ts";

const CALLER = "+64211234999";

const house = async () => {
  const { store, projectOf, submit } = await business();
  const project_id = await projectOf();
  const form = async (key: string, phone = CALLER) => (await submit(project_id, `${key}:${phone}`, { phone })).call_id ?? "";
  const rings = async (phone: string | null = CALLER) => store.incomingCalls.take({ project_id, call_sid: `CA${crypto.randomUUID()}`, account_sid: null, page_id: null, phone, text_back_since: 0, dueInMs: MINUTE_MS });
  const says = async (body: string) =>
    store.inbox.take(
      { sid: `SM${crypto.randomUUID()}`, project_id, phone_from: CALLER, phone_to: "+6495550100", account_sid: null, body, party: "customer", purpose: "reply", status: "received", call_id: null, campaign_id: null, lead: { by_phone: CALLER, create: { name: "", metadata: { status: "new", source: "sms" } } } },
      [{ kind: "call", project_id, due_in_ms: MINUTE_MS }],
    );
  const outbound = async () => (await env.DB.prepare("SELECT id FROM calls WHERE project_id = ? AND direction = 'outbound'").bind(project_id).all<{ id: string }>()).results.map(({ id }) => id);
  return { form, rings, says, outbound };
};

describe("somebody who calls in while we are about to call them", () => {
  it("is not called for any of their requests any more, and others are", async () => {
    const { form, rings } = await house();
    const theirs = [await form("google"), await form("wordpress")];
    await form("wordpress", "+64211234888");
    expect((await rings()).chasing.toSorted()).toEqual(theirs.toSorted());
  });

  it("and hides their number is nobody whom we know", async () => {
    const { form, rings } = await house();
    await form("google");
    expect((await rings(null)).chasing).toEqual([]);
  });
});

it("a text that asks for a call is a call to make, though they are on the line, or were a moment ago", async () => {
  const { rings, says, outbound } = await house();
  await rings();
  await says("CALL me");
  expect(await outbound()).toHaveLength(1);
  // Once more is the same wish.
  await says("CALL me");
  expect(await outbound()).toHaveLength(1);
});
