import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseGoogleAdsBody, readGoogleAdsLead, readGoogleKey, type GoogleAdsLead } from "./google-ads.ts";
import { parseJsonKeepingDigits } from "./lossless-json.ts";
import { isEmptyLead, normalisedLeadSchema } from "./normalised-lead.ts";

/** The two payloads of CONTRACTS.md §2.1, word for word. */
const TEST_PAYLOAD = `{"lead_id":"TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789-AaBbCcDdEeFfGgHhIiJjKkLl",
 "user_column_data":[
  {"column_name":"Full Name","string_value":"FirstName LastName","column_id":"FULL_NAME"},
  {"column_name":"User Phone","string_value":"+16505550123","column_id":"PHONE_NUMBER"},
  {"column_name":"User Email","string_value":"test@example.com","column_id":"EMAIL"},
  {"column_name":"City","string_value":"Mountain View","column_id":"CITY"}],
 "api_version":"1.0","form_id":40000000000,"campaign_id":10000000000,"google_key":"my-secret","is_test":true,
 "gcl_id":"TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789-AaBbCcDdEeFfGgHhIiJjKkLl",
 "adgroup_id":20000000000,"creative_id":30000000000}`;
const REAL_PAYLOAD = `{"lead_id":"Cj0KCQjw-abc123","api_version":"1.0","form_id":8123456789,"campaign_id":20123456789,
 "google_key":"my-secret","gcl_id":"EAIaIQobChMI","adgroup_id":150123456789,"creative_id":680123456789,
 "lead_submit_time":"2026-11-20T21:14:03Z",
 "user_column_data":[{"column_id":"FIRST_NAME","string_value":"Jane"},{"column_id":"LAST_NAME","string_value":"Doe"},
  {"column_id":"PHONE_NUMBER","string_value":"+64 21 123 4567"},{"column_id":"POSTAL_CODE","string_value":"1011"},
  {"column_id":"what_can_we_help_with","column_name":"What can we help with?","string_value":"Will"}]}`;

const read = (body: string): GoogleAdsLead => {
  const result = readGoogleAdsLead(body, "NZ");
  if (!result.ok) throw new Error(`not read: ${JSON.stringify(result)}`);
  normalisedLeadSchema.parse(result.value.lead);
  return result.value;
};
const leadOf = (...user_column_data: unknown[]): GoogleAdsLead["lead"] => read(JSON.stringify({ user_column_data })).lead;
const column = (column_id: string, string_value: unknown, column_name?: string) => ({ column_id, string_value, column_name });

describe("readGoogleAdsLead", () => {
  it("reads what the button for test data sends", () => {
    const value = read(TEST_PAYLOAD);
    expect(value).toMatchObject({
      google_key: "my-secret",
      is_test: true,
      lead: { name: "FirstName LastName", phone: "+16505550123", email: "test@example.com", place: "Mountain View", message: null, fields: {} },
      ids: { form_id: "40000000000", campaign_id: "10000000000", adgroup_id: "20000000000", creative_id: "30000000000", asset_group_id: null },
      lead_submit_time: null,
    });
    expect(value.lead_id).toMatch(/^TeSter-123-/);
  });

  it("reads a lead as a real form sends it", () => {
    expect(read(REAL_PAYLOAD)).toEqual({
      lead: {
        name: "Jane Doe", phone: "+64211234567", phone_raw: "+64 21 123 4567", email: null, message: "What can we help with? Will",
        service: null, place: "1011", page_url: null, fields: {},
      },
      google_key: "my-secret",
      lead_id: "Cj0KCQjw-abc123",
      is_test: false,
      ids: { form_id: "8123456789", campaign_id: "20123456789", adgroup_id: "150123456789", creative_id: "680123456789", asset_group_id: null, gcl_id: "EAIaIQobChMI" },
      lead_submit_time: "2026-11-20T21:14:03.000Z",
    });
  });

  it("keeps every digit of 64-bit ids", () => {
    const value = read('{"form_id":9223372036854775807,"campaign_id":9007199254740993,"lead_id":18446744073709551615,"user_column_data":[]}');
    expect(value.ids).toMatchObject({ form_id: "9223372036854775807", campaign_id: "9007199254740993" });
    expect(value.lead_id).toBe("18446744073709551615");
  });

  it("takes the first usable of a column that occurs twice and keeps the other", () => {
    const lead = leadOf(column("PHONE_NUMBER", "none"), column("PHONE_NUMBER", "021 123 4567"), column("WORK_PHONE", "09 555 1234"), column("WORK_EMAIL", "a@x.nz"), column("EMAIL", "B@X.nz"));
    expect(lead).toMatchObject({ phone: "+64211234567", email: "a@x.nz", fields: { phone_number: "none", work_phone: "09 555 1234", email: "B@X.nz" } });
  });

  it("joins services and places and asks custom questions line by line", () => {
    const lead = leadOf(
      column("SERVICE", "Wills"), column("OFFER", "Free quote"), column("SERVICE", "Wills"),
      column("STREET_ADDRESS", "1 High St"), column("CITY", "Auckland"),
      column("how_soon", "Today"), column("budget", "500", "Your budget:"), column("COMPANY_NAME", "Acme"),
    );
    expect(lead).toMatchObject({ service: "Wills, Free quote", place: "1 High St, Auckland", message: "how soon: Today\nYour budget: 500", fields: { company_name: "Acme" } });
  });

  it("finds a phone and an address that a custom question asked for", () => {
    const lead = leadOf(column("best_number", "021 123 4567", "Best number?"), column("write_to", "jane@x.nz"), column("why", "Leak"));
    expect(lead).toMatchObject({ phone: "+64211234567", email: "jane@x.nz", message: "why: Leak" });
  });

  it("goes by the shown name when there is no id, and by number when a value is not text", () => {
    const lead = leadOf({ column_name: "User Phone", string_value: 211234567 }, { column_name: "Full Name", string_value: "Jane" });
    expect(lead).toMatchObject({ phone: "+64211234567", name: "Jane" });
  });

  it("keeps a phone that can't be called as it was typed", () => {
    const lead = leadOf(column("PHONE_NUMBER", "111"));
    expect(lead).toMatchObject({ phone: null, phone_raw: "111" });
    expect(isEmptyLead(lead)).toBe(false);
  });

  it("loses no lead to surroundings of the wrong type", () => {
    const value = read(JSON.stringify({
      user_column_data: [null, 7, { column_id: {}, string_value: [] }, column("PHONE_NUMBER", "021 123 4567")],
      lead_id: { a: 1 }, is_test: "maybe", form_id: [], campaign_id: "12", lead_submit_time: "yesterday", new_field: {},
    }));
    expect(value).toMatchObject({ lead: { phone: "+64211234567" }, lead_id: null, is_test: false, lead_submit_time: null, ids: { form_id: null, campaign_id: "12" } });
  });

  it.each([
    ["nothing", ""],
    ["half a document", '{"user_column_data":['],
    ["a form", "lead_id=1"],
    ["binary", "\u0000"],
    ["nesting beyond the stack", "[".repeat(200_000)],
  ])("calls %s malformed", (_what, body) => {
    expect(readGoogleAdsLead(body, "NZ")).toEqual({ ok: false, reason: "malformed" });
  });

  it.each([
    ["{}", "user_column_data"],
    ['{"user_column_data":"x"}', "user_column_data"],
    ['{"user_column_data":{"0":{}}}', "user_column_data"],
    ["[]", ""],
    ["null", ""],
    ["7", ""],
  ])("calls %s invalid and says where", (body, path) => {
    expect(readGoogleAdsLead(body, "NZ")).toMatchObject({ ok: false, reason: "invalid", errors: [{ path }] });
  });

  it("tells an empty form by its empty lead", () => {
    expect(isEmptyLead(leadOf(column("PHONE_NUMBER", " "), column("CITY", "Auckland")))).toBe(true);
  });
});

describe("readGoogleKey", () => {
  it.each([
    ['{"google_key":"k","user_column_data":3}', "k"],
    ['{"google_key":12345678901234567890}', "12345678901234567890"],
    ['{"google_key":["k"]}', null],
    ['{"__proto__":{"google_key":"k"}}', null],
    ["{}", null],
    ["[]", null],
    ["null", null],
    ['"google_key"', null],
  ])("reads the key of %s, however wrong the rest, as %s", (body, key) => {
    const parsed = parseGoogleAdsBody(body);
    expect(parsed.ok && readGoogleKey(parsed.body)).toBe(key);
  });
});

describe("parseJsonKeepingDigits", () => {
  it.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", "9007199254740992"],
    ["-9007199254740993", "-9007199254740993"],
    ["0.12345678901234567890", 0.12345678901234568],
    ["1e3", 1000],
    ['{"a":[12345678901234567890,1]}', { a: ["12345678901234567890", 1] }],
    ['"12345678901234567890"', "12345678901234567890"],
  ])("reads %s", (text, value) => {
    expect(parseJsonKeepingDigits(text)).toEqual(value);
  });

  it("is JSON.parse for everything without long integers", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/(?<![\d.])\d{16,}(?![\d.])/.test(text));
        expect(parseJsonKeepingDigits(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

it("never throws, whatever JSON it is given", () => {
  const columns = fc.array(fc.record({ column_id: fc.oneof(fc.constantFrom("PHONE_NUMBER", "EMAIL", "q"), fc.jsonValue()), string_value: fc.jsonValue() }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ user_column_data: fc.oneof(columns, fc.jsonValue()), google_key: fc.jsonValue() })), (body) => {
      const result = readGoogleAdsLead(JSON.stringify(body), "NZ");
      if (result.ok) normalisedLeadSchema.parse(result.value.lead);
    }),
  );
});
