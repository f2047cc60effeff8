import { z } from "zod";

import { toE164 } from "../phone.ts";

/** What a value is by its looks, for fields whose name says nothing. */

const emailSchema = z.email({ pattern: z.regexes.unicodeEmail }).max(254);
const ipSchema = z.union([z.ipv4(), z.ipv6()]);

/** The address in "jane@x.nz" or "mailto:jane@x.nz"; null for anything else. */
export const asEmail = (value: string): string | null => {
  const address = value.trim().replace(/^mailto:/i, "");
  return address.length <= 254 && emailSchema.safeParse(address).success ? address : null;
};

/** The E.164 number when the value as a whole is a valid phone number and can't be a date or an IP address as well. */
export const asPhone = (value: string, country: string): string | null => {
  const text = value.trim();
  return isDate(text) || ipSchema.safeParse(text).success ? null : toE164(text, country);
};

/** Written as only phones are, with a plus, a zero or a bracket in front; a bare "20261120" may be a number of any kind. */
export const isSpelledAsPhone = (value: string): boolean => /^(?:tel:)?\s*[+(0＋（０]/i.test(value.trim());

/** ISO dates and those with day or month first, with or without a time. */
const isDate = (text: string): boolean =>
  /^(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))(?:[T ,].*)?$/s.test(text);

/** One to four words of letters, as people write their names: "Jane", "Anne-Marie O'Neill", "王小明". */
export const isNameLike = (value: string): boolean =>
  value.length <= 60 && !isChoice(value) && /^\p{L}[\p{L}\p{M}.'’-]*(?: \p{L}[\p{L}\p{M}.'’-]*){0,3}$/u.test(value.trim());

/** A name of two words or more in capitals, which hardly anything else is. */
export const isFullNameLike = (value: string): boolean =>
  isNameLike(value) && value.trim().includes(" ") && value.trim().split(" ").every((word) => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(word));

/** Text that a person wrote: it has letters, and is no link, address, date or ticked box. */
export const isProse = (value: string): boolean =>
  /\p{L}/u.test(value) && !/^(?:https?:\/\/|www\.)\S*$/i.test(value) && asEmail(value) === null && !isDate(value) && !isChoice(value) && !isMachineText(value);

/** What browsers and plugins send for a tick or a switch. */
const isChoice = (value: string): boolean => /^(?:yes|no|on|off|true|false|checked|accepted|agreed|ja|nein|oui|non|si|sí|ae|kao|n\/?a|none)$/i.test(value.trim());

/** Ids, hashes, tokens and user agents. */
const isMachineText = (value: string): boolean => /^(?=\S*\d)[\w.-]{16,}$/.test(value) || /^Mozilla\/\d/.test(value);
