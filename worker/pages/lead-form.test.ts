import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { sealFormTime } from "../../core/security/form-time.ts";
import worker from "../index.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { type Site, siteOf } from "./pages.testing.ts";

/** As vitest.config.ts sets it. */
const JWT_SECRET = "a-secret-for-tests-0123456789";

let site: Site;
let twilio: TwilioWire;
beforeAll(async () => {
  twilio = standInForTwilio();
  site = await siteOf();
});
afterAll(() => twilio.restore());

const leadsSchema = z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), metadata: z.looseObject({ status: z.string(), source: z.string() }) })) });
const leadsOf = async ({ project }: Site) => leadsSchema.parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;
const shownAt = (host: string, agoMs: number): string => sealFormTime(Date.now() - agoMs, host, JWT_SECRET);
const send = async (to: Site, fields: Record<string, string>, init: RequestInit = {}): Promise<Response> =>
  to.visit("/-/lead", { method: "POST", body: new URLSearchParams({ page: "/drains/ponsonby", t: shownAt(to.host, 60_000), company_url: "", ...fields }), ...init });

describe("the form of a hosted page", () => {
  it("makes a lead, with the service and place that the page is about, and rings", async () => {
    const own = await siteOf();
    const response = await send(own, { name: "Aroha Williams", phone: "021 446 0564", message: "The drain is full." });
    expect([response.status, response.headers.get("Location")]).toEqual([303, `https://${own.host}/-/thanks`]);
    expect((await own.visit("/-/thanks")).status).toBe(200);
    const [lead] = await leadsOf(own);
    expect(lead?.metadata).toMatchObject({ source: "hosted_page", phone: "+64214460564", service: "Drains", place: "Ponsonby", page_id: own.page, page_url: `https://${own.host}/drains/ponsonby` });
    expect(["new", "calling"]).toContain(lead?.metadata.status);
    const calls = z.object({ items: z.array(z.unknown()) }).parse(await (await own.project.api("GET", `/api/calls?lead_id=${lead?.id ?? ""}`)).json());
    expect(calls.items).toHaveLength(1);
  });

  it("makes one lead of a form that is sent twice, at once or again", async () => {
    const own = await siteOf();
    const fields = { name: "Tama", phone: "021 446 0565", message: "Help" };
    await Promise.all([send(own, fields), send(own, fields)]);
    await send(own, fields);
    await Promise.all([send(own, { name: "Nobody", message: "no number" }), send(own, { name: "Nobody", message: "no number" })]);
    expect((await leadsOf(own)).map((lead) => lead.name).sort()).toEqual(["Nobody", "Tama"]);
  });

  it.each([
    ["honeypot", { company_url: "https://spam.example" }, {}],
    ["too_fast", { t: "NOW" }, {}],
    ["not_shown", { t: "" }, {}],
    ["not_shown", { t: "OTHER HOST" }, {}],
    ["other_origin", {}, { headers: { Origin: "https://evil.example" } }],
  ])("keeps what looks like a program's as spam, rings nobody, and lets the person through after it (%s)", async (reason, fields: Record<string, string>, init) => {
    const own = await siteOf();
    const times: Record<string, string> = { NOW: shownAt(own.host, 100), "OTHER HOST": shownAt("other.example", 60_000) };
    const t: Record<string, string> = fields.t === undefined ? {} : { t: times[fields.t] ?? fields.t };
    const person = { name: "Mere", phone: "021 446 0566" };
    expect((await send(own, { ...person, ...fields, ...t }, init)).status).toBe(303);
    const [lead] = await leadsOf(own);
    expect(lead?.metadata).toMatchObject({ status: "spam", spam_reason: reason });
    expect(await (await own.project.api("GET", `/api/calls?lead_id=${lead?.id ?? ""}`)).json()).toMatchObject({ items: [] });
    await send(own, person);
    expect((await leadsOf(own)).map((one) => one.metadata.status === "spam")).toEqual([false, true]);
  });

  it("asks again for a form that says nothing, and refuses one that is too large", async () => {
    const own = await siteOf();
    const empty = await send(own, { name: " " });
    expect(empty.status).toBe(422);
    const [, again = ""] = /name="t" value="([^"]+)"/.exec(await empty.text()) ?? [];
    expect((await send(own, { name: "Hemi", t: again })).status).toBe(303);
    expect((await send(own, { message: "x".repeat(70_000) })).status).toBe(413);
    expect((await own.visit("/-/lead", { method: "POST", body: "\u0000" })).status).toBe(422);
    expect((await own.visit("/-/lead")).status).toBe(404);
    expect(await leadsOf(own)).toHaveLength(1);
  });

  it("is taken from one address six times a minute, and says whom to call then", async () => {
    const own = await siteOf();
    const production = { ...env, APEX_ENV: "production", PAGES_HOST_SUFFIX: "pages.localhost", OSM_INTERVAL_MS: "1000" };
    const once = async (at: number): Promise<Response> => {
      const ctx = createExecutionContext();
      const form = new URLSearchParams({ name: `Person ${at}`, phone: `021 446 08${10 + at}`, t: shownAt(own.host, 60_000) });
      const response = await worker.fetch(new Request(`https://${own.host}/-/lead`, { method: "POST", redirect: "manual", headers: { "CF-Connecting-IP": "203.0.113.77" }, body: form }), production, ctx);
      await waitOnExecutionContext(ctx);
      return response;
    };
    const answers: Response[] = [];
    for (let at = 0; at < 8; at++) answers.push(await once(at));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303, 303, 429, 429]);
    expect(answers.at(-1)?.headers.get("Retry-After")).toBe("60");
    expect(await answers.at(-1)?.text()).toContain("tel:+6495550142");
    expect(await leadsOf(own)).toHaveLength(6);
  });

  it("names a page of nobody's, or of another site's, and is a lead all the same", async () => {
    const own = await siteOf();
    await send(own, { name: "Rangi", phone: "021 446 0567", page: "https://evil.example/" });
    const [lead] = await leadsOf(own);
    expect(lead?.metadata).toMatchObject({ page_id: null, page_url: null, service: null });
  });

  it("shows a time that opens nothing but itself", async () => {
    const text = await (await site.visit("/drains/ponsonby")).text();
    expect(text).not.toContain(site.project.keys.wordpress);
    expect(text).toMatch(/name="t" value="[0-9a-z]+\.[\w-]{16}"/);
  });
});
