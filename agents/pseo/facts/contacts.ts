import { type CountryCode, findPhoneNumbersInText } from "libphonenumber-js/max";

/** Phone numbers that a text says, E.164, as they are written. `country`: of numbers without a country code. */
export const phonesIn = (text: string, country: string): { e164: string; text: string }[] =>
  findPhoneNumbersInText(text, { defaultCountry: country as CountryCode, extended: true }).map(({ number, startsAt, endsAt }) => ({ e164: number.number, text: text.slice(startsAt, endsAt) }));

const ADDRESS = /\bhttps?:\/\/[^\s<>"')]+|\bwww\.[^\s<>"')]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|biz|io|co|nz|au|uk|us|de|fr|es|ie|ca)\b(?:\/[^\s<>"')]*)?/gi;

const bare = (address: string): string => address.toLowerCase().replace(/^https?:\/\/(?:www\.)?|^www\./, "").replace(/[/.,;:]+$/, "");

/** Web and e-mail addresses, without scheme and `www`. */
export const addressesIn = (text: string): string[] => [...text.matchAll(ADDRESS)].map(([address]) => bare(address));
