import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readFormBody, type FormBody } from "./form-body.ts";
import { FORM_LIMITS, type FieldValue, isFields } from "./form-fields.ts";

const FORM = "application/x-www-form-urlencoded";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, contentType: string | null): Promise<FormBody> => readFormBody(bytes(text), contentType);
/** Objects of Fields have no prototype; compare what they say. */
const plain = async (text: string, contentType: string | null): Promise<unknown> => {
  const body = await read(text, contentType);
  return body.ok ? JSON.parse(JSON.stringify(body.fields)) : body.reason;
};

const multipart = (boundary: string): string =>
  [["your-name", "Jane"], ["fields[phone][value]", "021 123 4567"], ["services[]", "Wills"], ["services[]", "Trusts"]]
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name ?? ""}"\r\n\r\n${value ?? ""}\r\n`)
    .join("") +
  `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n--${boundary}--\r\n`;
const MULTIPART_FIELDS = { "your-name": "Jane", fields: { phone: { value: "021 123 4567" } }, services: ["Wills", "Trusts"], file: "plan.pdf" };

describe("readFormBody", () => {
  it.each([
    ["JSON", "application/json; charset=UTF-8", '{"name":"Jane","n":[1,true,null,"a"]}', { name: "Jane", n: ["1", "true", "a"] }],
    ["JSON sent as a form, as Ninja Forms does", FORM, '{"name":"Jane"}', { name: "Jane" }],
    ["JSON after a byte order mark", null, '\uFEFF{"name":"Jane"}', { name: "Jane" }],
    ["a list of JSON objects", "application/json", '[{"name":"phone","value":"021"}]', { 0: { name: "phone", value: "021" } }],
    ["long JSON integers", "application/json", '{"id":12345678901234567890}', { id: "12345678901234567890" }],
    ["urlencoded", FORM, "Name=Jane+Doe&Page+URL=https%3A%2F%2Fsite.nz%2F", { Name: "Jane Doe", "Page URL": "https://site.nz/" }],
    ["urlencoded without a content type", null, "a=1&a=2&1.3=Jane", { a: ["1", "2"], "1.3": "Jane" }],
    ["urlencoded called JSON", "application/json", "name=Jane", { name: "Jane" }],
    ["nested names", FORM, "fields[phone][value]=021&fields%5Bphone%5D%5Btype%5D=tel", { fields: { phone: { value: "021", type: "tel" } } }],
    ["multipart", "multipart/form-data; boundary=xx1", multipart("xx1"), MULTIPART_FIELDS],
    ["multipart that lost its content type", null, multipart("----WebKitFormBoundaryAbC123"), MULTIPART_FIELDS],
    ["multipart called a form", FORM, multipart("----WebKitFormBoundaryAbC123"), MULTIPART_FIELDS],
  ])("reads %s", async (_what, contentType, text, fields) => {
    expect(await plain(text, contentType)).toEqual(fields);
  });

  it("reads another charset where the header names one", async () => {
    const body = await readFormBody(new Uint8Array([...bytes("name=Jos"), 0xe9]), `${FORM}; charset=iso-8859-1`);
    expect(body.ok && body.fields["name"]).toBe("José");
  });

  it.each([
    ["nothing", ""],
    ["blanks", " \r\n "],
    ["a bare word", "hello"],
    ["a JSON string", '"hello"'],
    ["a JSON number", "7"],
    ["null", "null"],
    ["broken JSON", '{"a=":1'],
    ["binary", "\u0000=\u0001"],
    ["JSON nested beyond the stack", "[".repeat(100_000) + "]".repeat(100_000)],
  ])("calls %s malformed", async (_what, text) => {
    expect(await read(text, FORM)).toEqual({ ok: false, reason: "malformed" });
  });

  it("calls a broken multipart document malformed", async () => {
    expect(await read("--other\r\nnonsense", "multipart/form-data; boundary=xx1")).toEqual({ ok: false, reason: "malformed" });
  });

  it.each([
    ['{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}},"a":{"__proto__":{"polluted":"1"}}}'],
    ["__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__][polluted]=1&toString=x&hasOwnProperty=y"],
  ])("lets no name reach a prototype: %s", async (text) => {
    const body = await read(text, null);
    expect(body.ok).toBe(true);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    if (body.ok) {
      expect(Object.getPrototypeOf(body.fields)).toBeNull();
      expect(Object.keys(body.fields)).not.toContain("__proto__");
      expect("valueOf" in body.fields).toBe(false);
    }
  });

  it.each([
    ["ten thousand names", Array.from({ length: 10_000 }, (_, i) => `k${i}=v`).join("&")],
    ["ten thousand names in JSON", JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, "v"])))],
    ["a long list", `{"a":[${"1,".repeat(50_000)}1]}`],
    ["a deep name", `a${"[a]".repeat(5000)}=1`],
    ["deep JSON", `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`],
    ["a huge value", `a=${"x".repeat(250_000)}`],
    ["a huge name", `${"x".repeat(250_000)}=a`],
  ])("bounds %s", async (_what, text) => {
    const body = await read(text, null);
    expect(body.ok).toBe(true);
    if (body.ok) expectBounded(body.fields, 0);
  });

  it("never throws and stays within bounds, whatever the bytes and the content type", async () => {
    const contentTypes = fc.constantFrom(null, FORM, "application/json", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain; charset=nonsense", "");
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: "binary", maxLength: 200 }).map(bytes),
      fc.json().map(bytes),
      fc.stringMatching(/^[a=&[\]%0-9.+_]{0,80}$/).map(bytes),
      fc.string().map((text) => bytes(`--b\r\nContent-Disposition: form-data; name="${text}"\r\n\r\n${text}\r\n--b--\r\n`)),
    );
    await fc.assert(
      fc.asyncProperty(bodies, contentTypes, async (body, contentType) => {
        const result = await readFormBody(body, contentType);
        if (result.ok) expectBounded(result.fields, 0);
      }),
    );
  });
});

const expectBounded = (value: FieldValue, depth: number): number => {
  expect(depth).toBeLessThanOrEqual(FORM_LIMITS.depth);
  if (typeof value === "string") {
    expect(value.length).toBeLessThanOrEqual(FORM_LIMITS.valueLength);
    return 1;
  }
  if (isFields(value)) for (const name of Object.keys(value)) expect(name.length).toBeLessThanOrEqual(FORM_LIMITS.nameLength);
  const count = Object.values(value).reduce<number>((sum, item) => sum + expectBounded(item, depth + 1), 0);
  expect(count).toBeLessThanOrEqual(FORM_LIMITS.values);
  return count;
};
