import { describe, expect, it } from "vitest";

import { isEmptyLead, LEAD_LIMITS, type NormalisedLead } from "./normalised-lead.ts";
import { leadOf, NOTHING, readWordPress } from "./wordpress.test-support.ts";

const JANE = { name: "Jane Doe", phone: "+64211234567", phone_raw: "021 123 4567", email: "jane@x.nz" };

/** The examples of CONTRACTS.md §3, word for word. */
describe("each plugin's own shape", () => {
  it.each<[string, string, NormalisedLead, string | null]>([
    ["Contact Form 7", '{"your-name":"Jane Doe","your-email":"jane@x.nz","your-phone":"021 123 4567","service":["Wills"],"your-message":"Hi"}',
      { ...NOTHING, ...JANE, service: "Wills", message: "Hi" }, null],
    ["Gravity Forms", `{"id":"57","form_id":"1","date_created":"2026-11-20 21:14:03","is_starred":"0","is_read":"0","ip":"203.0.113.5",
 "source_url":"https://site.nz/contact/","user_agent":"Mozilla/5.0","status":"active","1.3":"Jane","1.6":"Doe","2":"jane@x.nz","3":"021 123 4567","4":"Hi"}`,
      { ...NOTHING, ...JANE, message: "Hi", page_url: "https://site.nz/contact/" }, "57"],
    ["WPForms", '{"name":"Jane Doe","phone":"+64211234567","services":"Wills||Trusts"}',
      { ...NOTHING, name: "Jane Doe", phone: "+64211234567", phone_raw: "+64211234567", service: "Wills, Trusts" }, null],
    ["Fluent Forms", '{"names":{"first_name":"Jane","last_name":"Doe"},"email":"jane@x.nz","phone":"021","message":"Hi","__submission":{"id":"9","form_id":"3","source_url":"https://site.nz/"}}',
      { ...NOTHING, ...JANE, phone: null, phone_raw: "021", message: "Hi", page_url: "https://site.nz/" }, "9"],
    ["Elementor", "Name=Jane+Doe&Phone=021+123&Message=Hi&Date=November+20%2C+2026&Time=9%3A14+pm&Page+URL=https%3A%2F%2Fsite.nz%2F&User+Agent=Mozilla&Remote+IP=203.0.113.5&Powered+by=Elementor&form_id=abc123&form_name=Contact",
      { ...NOTHING, name: "Jane Doe", phone_raw: "021 123", message: "Hi", page_url: "https://site.nz/" }, null],
    ["Elementor with advanced data", "form[id]=abc123&form[name]=Contact&fields[phone][id]=phone&fields[phone][type]=tel&fields[phone][title]=Phone&fields[phone][value]=021&fields[phone][raw_value]=021&fields[phone][required]=1&meta[page_url][title]=Page+URL&meta[page_url][value]=https://site.nz/",
      { ...NOTHING, phone_raw: "021", page_url: "https://site.nz/" }, null],
    ["Ninja Forms", "name=Jane&phone=021&form_id=2", { ...NOTHING, name: "Jane", phone_raw: "021" }, null],
  ])("reads %s", async (_plugin, body, lead, submission_id) => {
    expect(await readWordPress(body)).toEqual({ lead, submission_id });
  });
});

describe("variants of the plugins", () => {
  it.each<[string, unknown, Partial<NormalisedLead>]>([
    ["Gravity posted with input names", "input_1_3=Jane&input_1_6=Doe&input_2=021+123+4567&input_5=Leaking+tap", { name: "Jane Doe", phone: "+64211234567", message: "Leaking tap" }],
    ["Gravity with an address and checkboxes", { "1.3": "Jane", "1.6": "Doe", "2.1": "1 High St", "2.3": "Auckland", "2.6": "New Zealand", "6.1": "", "6.3": "Trusts", 7: "021 123 4567" },
      { name: "Jane Doe", phone: "+64211234567", message: null, fields: { "2.1": "1 High St", "2.3": "Auckland", "2.6": "New Zealand", "6.3": "Trusts" } }],
    ["WPForms' own field list", { fields: [{ name: "Name", value: "Jane Doe", id: 1, type: "name" }, { name: "Best contact", value: "021 123 4567", id: 2, type: "phone" }, { name: "Anything else?", value: "Hi", id: 3, type: "textarea" }] },
      { ...JANE, email: null, message: "Hi" }],
    ["a list of names and values", [{ name: "phone", value: "021 123 4567" }, { name: "full_name", value: "Jane Doe" }], { phone: "+64211234567", name: "Jane Doe" }],
    ["Elementor's unlabelled fields", "No+Label+name=Jane+Doe&No+Label+field_1=021+123+4567&No+Label+field_2=jane%40x.nz&No+Label+field_3=The+tap+leaks&Remote+IP=203.0.113.5", { ...JANE, message: "The tap leaks" }],
    ["Elementor's type where label and id say nothing", "fields[a1][id]=a1&fields[a1][type]=tel&fields[a1][title]=Reach+me&fields[a1][value]=%2B1+555+123+4567&fields[b2][type]=textarea&fields[b2][value]=Hi", { phone: "+15551234567", message: "Hi" }],
    ["Elementor's consent box", "fields[c][type]=acceptance&fields[c][title]=You+may+phone+me&fields[c][value]=on&fields[d][title]=Mobile&fields[d][value]=021+123+4567", { phone: "+64211234567", fields: { "You may phone me": "on" } }],
    ["Fluent's numbered inputs", { names_1: { first_name: "Jane", last_name: "Doe" }, phone_1: "021 123 4567", dropdown: "Wills", address_1: { address_line_1: "1 High St", city: "Auckland", country: "NZ" }, _fluentform_3_fluentformnonce: "abc1234567", _wp_http_referer: "/contact/" },
      { name: "Jane Doe", phone: "+64211234567", place: "1 High St, Auckland", message: "Wills", fields: { "address_1.country": "NZ" } }],
    ["Contact Form 7's hidden inputs", "_wpcf7=12345678&_wpcf7_unit_tag=wpcf7-f1-p2-o1&_wpnonce=0211234567&tel-123=021+123+4567&text-9=Jane+Doe&textarea-1=Hi", { ...JANE, email: null, message: "Hi", fields: {} }],
    ["a wrapped form", { data: { form: "Contact", customer: { fullName: "Jane Doe", phoneNumber: "021 123 4567" } } }, { ...JANE, email: null }],
    ["a form called form", { form: { name: "Jane Doe", phone: "021 123 4567" } }, { ...JANE, email: null }],
    ["a phone as a JSON number", { name: "Jane", phone: 211234567 }, { phone: "+64211234567" }],
    ["several phones in one list", { phone: ["n/a", "021 123 4567"] }, { phone: "+64211234567" }],
    ["a second phone", { mobile: "021 123 4567", "work phone": "09 555 1234" }, { phone: "+64211234567", fields: { "work phone": "09 555 1234" } }],
    ["a date of the visitor's own", { phone: "021 123 4567", date: "2026-12-01" }, { phone: "+64211234567", fields: { date: "2026-12-01" } }],
  ])("reads %s", async (_what, body, lead) => {
    expect(await leadOf(body)).toMatchObject(lead);
  });
});

describe("the project's own mapping", () => {
  const body = { "wpf-1": "Wills", "wpf-2": { inner: { Value_X: "Jane Doe" } }, "wpf-3": "021 123 4567", phone: "09 555 1234", "text 4": "Auckland", id: "Secret words" };

  it("goes before names and looks, whatever the case and signs, and through dots", async () => {
    const mapping = { service: "WPF 1", name: "wpf-2.inner.value_x", phone: "Wpf_3", place: "text4", message: "id" };
    expect(await leadOf(body, { mapping })).toEqual({
      ...NOTHING, name: "Jane Doe", phone: "+64211234567", phone_raw: "021 123 4567", service: "Wills", place: "Auckland", message: "Secret words", fields: { phone: "09 555 1234" },
    });
  });

  it("joins a group that it points to", async () => {
    expect(await leadOf({ who: { a: "Jane", b: "Doe" } }, { mapping: { name: "who" } })).toMatchObject({ name: "Jane Doe", fields: {} });
  });

  it("finds Elementor's fields by id, label and path to the value", async () => {
    const elementor = "fields[x7][id]=x7&fields[x7][title]=Ring+us+back&fields[x7][value]=%2B1+555+123+4567";
    for (const phone of ["x7", "ring us back", "fields.x7", "fields.x7.value"]) expect(await leadOf(elementor, { mapping: { phone } })).toMatchObject({ phone: "+15551234567" });
  });

  it("tells numbered fields apart", async () => {
    expect(await leadOf({ "text-1": "one", "text-2": "two" }, { mapping: { message: "text-2" } })).toMatchObject({ message: "two" });
  });

  it("falls back to looking when the mapped field is missing or no phone", async () => {
    expect(await leadOf({ a: "021 123 4567" }, { mapping: { phone: "b" } })).toMatchObject({ phone: "+64211234567" });
    expect(await leadOf({ a: "021 123 4567", b: "none" }, { mapping: { phone: "b" } })).toMatchObject({ phone: "+64211234567", phone_raw: "021 123 4567" });
  });
});

describe("values by their looks", () => {
  it("finds every part among names that say nothing", async () => {
    expect(await leadOf({ q1: "jane@x.nz", q2: "Our kitchen tap leaks since Monday", q3: "Jane Doe", q4: "021 123 4567", q5: "yes" })).toEqual({
      ...NOTHING, ...JANE, message: "Our kitchen tap leaks since Monday", fields: { q5: "yes" },
    });
  });

  it("finds a phone and an address that were typed into the wrong fields", async () => {
    expect(await leadOf({ name: "021 123 4567", message: "jane@x.nz", subject: "Jane Doe" })).toMatchObject({ name: null, phone: "+64211234567", email: "jane@x.nz", message: null });
    expect(await leadOf({ phone: "jane@x.nz", email: "021 123 4567" })).toMatchObject({ phone: "+64211234567", email: "jane@x.nz" });
  });

  it.each(["203.0.113.5", "2026-11-20", "20.11.2026", "2026-11-20 21:14:03", "call 021 123 4567 please", "https://x.nz/0211234567"])("does not take %j for a phone", async (value) => {
    expect(await leadOf({ q: value, Date: value })).toMatchObject({ phone: null, phone_raw: null });
  });

  it.each(["ip", "Remote IP", "date_created", "form_id", "nonce", "_wpcf7_token", "__submission", "gclid", "timestamp", "entry_id"])("never looks for data in the plugin's own %j", async (name) => {
    const lead = await leadOf({ [name]: "0211234567" });
    expect(lead).toEqual(NOTHING);
    expect(isEmptyLead(lead)).toBe(true);
  });

  it("prefers what is spelled as a phone to digits that happen to be valid", async () => {
    expect(await leadOf({ ref: "64211110000", q: "021 123 4567" })).toMatchObject({ phone: "+64211234567" });
  });
});

describe("hostile forms", () => {
  it("keeps text as text, without control characters and switches of direction", async () => {
    const lead = await leadOf({ name: "Ja\u0000ne\r\n\u202E <b>Doe</b>", message: "a\u0007\r\nb\ud800", phone: "021\u0000 123 4567", x: "<script>alert(1)</script>" });
    expect(lead).toMatchObject({ name: "Jane <b>Doe</b>", message: "a\nb\uFFFD", phone: "+64211234567", fields: { x: "<script>alert(1)</script>" } });
  });

  it("cuts what is too long and never inside a character", async () => {
    const long = "🦄".repeat(5000);
    const lead = await leadOf({ name: `x${long}`, message: `x${long}`, phone: "0".repeat(9000), email: `${"e".repeat(300)}@x.nz`, [`q${"q".repeat(500)}`]: long });
    expect(lead.name).toHaveLength(LEAD_LIMITS.name - 1);
    expect(lead.message).toMatch(/^x🦄+$/u);
    expect(lead.phone_raw).toHaveLength(LEAD_LIMITS.phone_raw);
  });

  it("survives ten thousand fields", async () => {
    const lead = await leadOf({ phone: "021 123 4567", ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`phone ${i}`, `call ${i}`])) });
    expect(lead.phone).toBe("+64211234567");
    expect(Object.keys(lead.fields)).toHaveLength(LEAD_LIMITS.fields);
  });

  it("treats names of prototypes as names", async () => {
    const lead = await leadOf('{"constructor":"Bob the builder","toString":"x1","__proto__":{"phone":"021 123 4567"},"phone":{"__proto__":"09 555 1234"}}');
    expect(lead).toMatchObject({ phone: null });
    expect(Object.getPrototypeOf(lead.fields)).toBe(Object.prototype);
  });

  it("keeps half an e-mail address for the owner to read", async () => {
    const lead = await leadOf({ email: "jane@" });
    expect(lead).toEqual({ ...NOTHING, email: "jane@" });
    expect(isEmptyLead(lead)).toBe(false);
  });

  it("makes an empty lead of a form without answers", async () => {
    for (const body of ["a=&b=", { name: " ", phone: null, message: [] }, { consent: "yes" }]) expect(isEmptyLead(await leadOf(body))).toBe(true);
  });
});
