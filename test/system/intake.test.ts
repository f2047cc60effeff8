import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { googlePayload, openBusiness } from "./support/business.ts";
import { send } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();

/** How many times people click. */
const STORM = 20;

describe("twenty identical submissions at the same moment", () => {
  it.each(["Google Ads", "WordPress"])("of %s make one lead and one call", async (source) => {
    const business = await openBusiness(house);
    const customer = phoneNumber();
    const google = { name: "Jane Doe", phone: customer, lead_id: `storm-${randomUUID()}` };
    const wordpress = { "your-name": "Jane Doe", "your-phone": asTyped(customer), "your-message": "Help" };
    const answers = await Promise.all(Array.from({ length: STORM }, async () => (source === "WordPress" ? business.submitWordPress(wordpress) : business.submitGoogle(google))));
    expect(new Set(answers.map(({ lead_id }) => lead_id)).size).toBe(1);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(["accepted", ...Array<string>(STORM - 1).fill("duplicate")]);

    const call = await business.settled(answers[0]?.lead_id ?? "");
    expect(call.end_reason).toBe("connected");
    expect(house.log.dials(business.owner)).toHaveLength(1);
    expect(house.log.legsTo(customer)).toHaveLength(1);
    expect((await house.client.entities({ project_id: business.project_id })).items).toHaveLength(1);
    // And once more, after all of it.
    expect(await (source === "WordPress" ? business.submitWordPress(wordpress) : business.submitGoogle(google))).toEqual({ lead_id: answers[0]?.lead_id, status: "duplicate" });
  });
});

it("a repeated WordPress form adds its new words to the lead and rings nobody", async () => {
  const business = await openBusiness(house);
  const customer = phoneNumber();
  const first = await business.submitWordPress({ "your-phone": customer, "your-message": "The tap drips" });
  await business.settled(first.lead_id);
  const second = await business.submitWordPress({ "your-phone": asTyped(customer), "your-message": "Now it pours" });
  expect(second).toEqual({ lead_id: first.lead_id, status: "duplicate" });
  const { metadata } = await house.client.entity(first.lead_id);
  expect(metadata["message"]).toMatch(/The tap drips[^]*Now it pours/);
  expect(house.log.dials(business.owner)).toHaveLength(1);
});

it("the same Google lead in two projects is two leads", async () => {
  const lead = { phone: phoneNumber(), lead_id: `shared-${randomUUID()}` };
  const businesses = [await openBusiness(house), await openBusiness(house)];
  const answers = await Promise.all(businesses.map((business) => business.submitGoogle(lead)));
  expect(answers.map(({ status }) => status)).toEqual(["accepted", "accepted"]);
  await Promise.all(businesses.map((business, index) => business.settled(answers[index]?.lead_id ?? "")));
  for (const { owner } of businesses) expect(house.log.dials(owner)).toHaveLength(1);
});

it("Google's test lead is stored each time and never rings anybody", async () => {
  const business = await openBusiness(house);
  const test = { name: "FirstName LastName", phone: "+16505550123", lead_id: "TeSter-123-ABC", is_test: true };
  const answers = [await business.submitGoogle(test), await business.submitGoogle(test)];
  expect(answers.map(({ status }) => status)).toEqual(["test", "test"]);
  const ids = answers.map(({ lead_id }) => lead_id);
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) {
    expect((await house.client.entity(id)).metadata).toMatchObject({ status: "test", source: "google_ads" });
    expect((await house.client.calls({ lead_id: id })).items).toEqual([]);
  }
  await house.sweep();
  // A real lead after them is called; by then the tests would have been.
  const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
  await business.settled(lead_id);
  expect(house.log.dials(business.owner)).toHaveLength(1);
  expect([house.log.legsTo("+16505550123"), house.log.textsTo("+16505550123")]).toEqual([[], []]);
  // The owner is asked how the real one went, and told of nothing else.
  for (const { body } of house.log.textsTo(business.owner)) expect(body).toContain("how did it go");
});

describe("a lead without a usable phone", () => {
  it.each([
    ["none at all", undefined],
    ["an emergency number", "111"],
    ["something else in its place", "please e-mail me"],
  ])("(%s) waits for the owner, who gets a text", async (_what, phone) => {
    const business = await openBusiness(house);
    const email = `${randomUUID().slice(0, 8)}@example.nz`;
    const answer = await business.submitGoogle({ name: "Jane Doe", email, ...(phone === undefined ? {} : { phone }) });
    expect(answer.status).toBe("accepted");
    const [text, ...more] = await eventually("the owner's text", () => {
      const texts = house.log.textsTo(business.owner);
      return texts.length > 0 && texts;
    });
    await house.sandbox.idle();
    expect(more).toEqual([]);
    for (const part of ["Rata Street Plumbing", "Jane Doe", email]) expect(text?.body).toContain(part);
    expect((await house.client.entity(answer.lead_id)).metadata).toMatchObject({ status: "needs_contact", email });
    expect((await house.client.calls({ lead_id: answer.lead_id })).items).toEqual([]);
    expect(house.log.dials(business.owner)).toEqual([]);
    const runs = await house.client.runs({ project_id: business.project_id, task: "sales_agent" });
    expect(runs.items.map(({ action }) => action)).toEqual(["notify_sms"]);
  });
});

it("keeps every digit of Google's 64-bit ids", async () => {
  const business = await openBusiness(house);
  const { url, key } = business.webhooks.google_ads;
  const payload = JSON.stringify(googlePayload(key, { phone: phoneNumber() })).replace('"campaign_id":20123456789', '"campaign_id":9223372036854775807');
  const answer = await send("POST", url, { body: payload, headers: { "Content-Type": "application/json" } });
  expect(answer.status).toBe(200);
  const [lead] = (await house.client.entities({ project_id: business.project_id })).items;
  expect(String((await house.client.entity(lead?.id ?? "")).metadata["campaign_id"])).toBe("9223372036854775807");
  await business.settled(lead?.id ?? "");
});

describe("forms of WordPress plugins", () => {
  const encoded = (fields: Record<string, string>): { body: string; headers: Record<string, string> } => ({ body: new URLSearchParams(fields).toString(), headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" } });
  const json = (fields: unknown, type = "application/json"): { body: string; headers: Record<string, string> } => ({ body: JSON.stringify(fields), headers: { "Content-Type": type } });
  it.each([
    ["Contact Form 7", (phone: string) => json({ "your-name": "Jane Doe", "your-email": "jane@x.nz", "your-phone": phone, "your-message": "Hi there" })],
    ["Gravity Forms", (phone: string) => json({ id: "57", form_id: "1", date_created: "2026-11-20 21:14:03", ip: "203.0.113.5", source_url: "https://site.nz/contact/", "1.3": "Jane", "1.6": "Doe", 2: "jane@x.nz", 3: phone, 4: "Hi there" })],
    ["WPForms", (phone: string) => encoded({ name: "Jane Doe", phone, email: "jane@x.nz", message: "Hi there" })],
    ["Elementor", (phone: string) => encoded({ Name: "Jane Doe", Phone: phone, Email: "jane@x.nz", Message: "Hi there", Date: "November 20, 2026", Time: "9:14 pm", "Page URL": "https://site.nz/", "Remote IP": "203.0.113.5", "Powered by": "Elementor", form_id: "abc123", form_name: "Contact" })],
    ["Elementor, advanced", (phone: string) => encoded({ "form[id]": "abc123", "fields[name][title]": "Name", "fields[name][value]": "Jane Doe", "fields[phone][title]": "Phone", "fields[phone][type]": "tel", "fields[phone][value]": phone, "fields[email][value]": "jane@x.nz", "fields[message][value]": "Hi there" })],
    ["Fluent Forms", (phone: string) => json({ names: { first_name: "Jane", last_name: "Doe" }, email: "jane@x.nz", phone, message: "Hi there", __submission: { id: "9", form_id: "3", source_url: "https://site.nz/" } })],
    ["Ninja Forms, JSON under a form's content type", (phone: string) => json({ name: "Jane Doe", phone, email: "jane@x.nz", message: "Hi there", form_id: "2" }, "application/x-www-form-urlencoded")],
  ])("%s all give name, phone, e-mail and message", async (_plugin, request) => {
    const business = await openBusiness(house);
    const customer = phoneNumber();
    const { url, key } = business.webhooks.wordpress;
    const answer = await send("POST", `${url}&key=${encodeURIComponent(key)}`, request(asTyped(customer)));
    expect(answer.status).toBe(200);
    const [lead] = (await house.client.entities({ project_id: business.project_id })).items;
    expect(lead).toMatchObject({ name: "Jane Doe", metadata: { phone: customer, email: "jane@x.nz", message: "Hi there" } });
    await business.settled(lead?.id ?? "");
    expect(house.log.legsTo(customer)).toHaveLength(1);
  });
});

describe("intake refuses", () => {
  it("a wrong key and an unknown project with the same words", async () => {
    const business = await openBusiness(house);
    const known = new URL(business.webhooks.google_ads.url);
    const unknown = new URL(known);
    unknown.searchParams.set("project_id", "nobody-has-this");
    const details: string[] = [];
    for (const [url, key] of [[known, "wrong"], [unknown, business.webhooks.google_ads.key], [known, business.webhooks.wordpress.key]] as const) {
      const answer = await send("POST", url.href, { json: googlePayload(key, { phone: phoneNumber() }) });
      expect(answer.status).toBe(401);
      details.push(`${answer.problem().code} ${answer.problem().detail}`);
    }
    for (const key of ["", "wrong", business.webhooks.google_ads.key]) {
      expect((await send("POST", business.webhooks.wordpress.url, { json: { phone: phoneNumber() }, headers: { "X-Apex-Key": key } })).status).toBe(401);
    }
    expect((await send("POST", business.webhooks.wordpress.url, { json: { phone: phoneNumber() } })).status).toBe(401);
    expect(new Set(details).size).toBe(1);
    expect((await house.client.entities({ project_id: business.project_id })).items).toEqual([]);
  });

  it("a malformed project (422), a body that is none (400), and a lead with nothing in it (422)", async () => {
    const business = await openBusiness(house);
    const { google_ads: google, wordpress } = business.webhooks;
    const elsewhere = google.url.replace(business.project_id, "no%20such");
    expect((await send("POST", elsewhere, { json: googlePayload(google.key, {}) })).status).toBe(422);
    expect((await send("POST", google.url, { body: "{", headers: { "Content-Type": "application/json" } })).status).toBe(400);
    expect((await send("POST", wordpress.url, { body: "", headers: { "X-Apex-Key": wordpress.key } })).status).toBe(400);
    expect((await send("POST", google.url, { json: googlePayload(google.key, { name: "" }) })).status).toBe(422);
    expect((await send("POST", wordpress.url, { json: { "your-message": " " }, headers: { "X-Apex-Key": wordpress.key } })).status).toBe(422);
    expect((await house.client.entities({ project_id: business.project_id })).items).toEqual([]);
  });

  it("no content type: it reads what it is given", async () => {
    const business = await openBusiness(house);
    const { google_ads: google } = business.webhooks;
    const answer = await send("POST", google.url, { body: JSON.stringify(googlePayload(google.key, { phone: phoneNumber() })), headers: { "Content-Type": "text/plain" } });
    expect(answer.status).toBe(200);
    const [lead] = (await house.client.entities({ project_id: business.project_id })).items;
    await business.settled(lead?.id ?? "");
  });

  it("a rotated key at once", async () => {
    const business = await openBusiness(house);
    const old = business.webhooks.google_ads;
    expect((await house.client.ask("POST", `/api/projects/${business.project_id}/webhooks/rotate`, { json: { source: "google_ads" } })).status).toBe(200);
    expect((await send("POST", old.url, { json: googlePayload(old.key, { phone: phoneNumber() }) })).status).toBe(401);
    const { google_ads: fresh } = await house.client.webhooks(business.project_id);
    expect((await send("POST", fresh.url, { json: googlePayload(fresh.key, { name: "Jane", email: "jane@example.nz" }) })).status).toBe(200);
    await eventually("the owner's text", () => house.log.textsTo(business.owner).length === 1);
  });
});
