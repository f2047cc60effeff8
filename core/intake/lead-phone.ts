import { invalid } from "../errors.ts";
import { phoneFieldToE164 } from "../phone.ts";

/**
 * What a person or a program writes about a lead, with its phone in the form in which it is rung (E.164): "021 123 4567" of a business in New Zealand is +64211234567.
 * @param country ISO 3166-1 alpha-2, in which national numbers are read; null: only international ones are
 * @throws AppError 422 for a phone that is none: a lead that could never be rung would look as if it were to be
 */
export const withRingablePhone = <T extends Record<string, unknown>>(metadata: T, country: string | null): T => {
  const { phone } = metadata;
  if (typeof phone !== "string" || phone === "") return metadata;
  const e164 = phoneFieldToE164(phone, country ?? "");
  if (e164 === null) throw invalid([{ path: "metadata.phone", message: "is no phone number that can be rung; write it with its country, like +64 21 123 4567" }]);
  return { ...metadata, phone: e164 };
};
