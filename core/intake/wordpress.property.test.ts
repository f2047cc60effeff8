import fc from "fast-check";
import { expect, it } from "vitest";

import { bookkeepingOf } from "./bookkeeping.ts";
import { readFormBody } from "./form-body.ts";
import { toFields } from "./form-fields.ts";
import { normalisedLeadSchema } from "./normalised-lead.ts";
import { readWordPressLead } from "./wordpress.ts";

const isData = (name: string): boolean => name !== "__proto__" && !bookkeepingOf({})(name, name);

/** Names that real forms have and any others; never one that plugins use for themselves. */
const fieldName = fc
  .oneof(fc.constantFrom("phone", "your-name", "Message", "Nachricht", "email", "text-1", "1.3", "input_4", "No Label a", "date", "fax", "I agree"), fc.string({ unit: "grapheme" }))
  .filter(isData);

/** New Zealand mobiles, as people write them. */
const phone = fc
  .tuple(fc.constantFrom("21", "22", "27"), fc.integer({ min: 2_000_000, max: 9_999_999 }), fc.constantFrom("0", "+64", "+64 ", "0064 ", "(0", "tel:+64"), fc.constantFrom(" ", "-", ""))
  .map(([network, subscriber, prefix, space]) => {
    const digits = String(subscriber);
    return {
      e164: `+64${network}${digits}`,
      written: `${prefix}${network}${prefix === "(0" ? ")" : ""}${space}${digits.slice(0, 3)}${space}${digits.slice(3)}`,
    };
  });

it("finds a phone in any field of any name", () => {
  const others = fc.dictionary(fieldName, fc.stringMatching(/^[A-Za-z ,.!]{0,60}$/));
  fc.assert(
    fc.property(phone, fieldName, others, fc.boolean(), ({ e164, written }, name, rest, last) => {
      const other = Object.entries(rest).filter(([otherName]) => otherName !== name);
      const fields = toFields(Object.fromEntries(last ? [...other, [name, written]] : [[name, written], ...other]));
      expect(fields && readWordPressLead(fields, { country: "NZ" }).lead).toMatchObject({ phone: e164, phone_raw: written });
    }),
  );
});

it("never throws and always makes a lead within its bounds, whatever the body and the mapping", async () => {
  const names = fc.oneof(fc.constantFrom("fields", "form", "meta", "value", "title", "__submission", "names", "1.3", "phone", "__proto__", "constructor"), fc.string());
  const values = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, fc.string({ unit: "binary" }), fc.double(), fc.constantFrom(null, true, "021 123 4567", "jane@x.nz", "||"), fc.array(tie("value")), fc.dictionary(names, tie("value"))),
  })).value;
  const bodies = fc.oneof(fc.dictionary(names, values).map((body) => JSON.stringify(body)), fc.string({ unit: "binary" }), fc.webQueryParameters());
  const mapping = fc.record({ name: names, phone: names, email: names, message: names, service: names, place: names }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(bodies, mapping, fc.constantFrom("NZ", "US", "DE", "", "ZZ"), async (text, mapping, country) => {
      const body = await readFormBody(new TextEncoder().encode(text), null);
      if (body.ok) normalisedLeadSchema.parse(readWordPressLead(body.fields, { country, mapping }).lead);
    }),
    { numRuns: 300 },
  );
});
