import {
  type CountryCode,
  findPhoneNumbersInText,
  getCountryCallingCode,
  isSupportedCountry,
  Metadata,
  type NumberingPlan,
  parseIncompletePhoneNumber,
  parsePhoneNumberFromString,
  type PhoneNumber,
  type PhoneNumberType,
} from "libphonenumber-js/max";

/**
 * What kind of line a number is. `satellite` covers all of the world's country-less mobile services (+870, +881, +882,
 * +883), whichever type the numbering plan files them under: what they share is the price of a minute.
 */
export type PhoneLineType = Lowercase<PhoneNumberType> | "satellite" | "emergency" | "unknown";

export interface PhoneDescription {
  /** ISO 3166-1 alpha-2; null for country-less codes, and where several countries share a code and the number fits none. */
  country: string | null;
  type: PhoneLineType;
}

/** The library reads no further than this either (its MAX_INPUT_TEXT_LENGTH); longer text is not a phone number. */
const MAX_LENGTH = 250;
const MOST_TEXT = 20_000;

/** ITU-T E.164 list of assigned codes: Inmarsat, global mobile satellite, and the two ranges of international networks. */
const SATELLITE_CALLING_CODES = new Set(["870", "881", "882", "883"]);

/**
 * Short emergency numbers of the whole world, not of one country: a lead may be anywhere, mobile networks map foreign ones
 * to the local service, and no numbering plan has subscriber numbers this short (in libphonenumber's the shortest has four
 * digits), so that being too strict costs nothing. Compiled from the ITU-T E.129 national lists. Longer emergency services
 * (Thailand's 1669) need no entry: no E.164 number is ever made of them.
 */
const EMERGENCY_NUMBERS = new Set(
  `000 100 101 102 103 104 106 107 108 110 111 112 113 114 115 116 117 118 119 120 122 123 124 125 126 127 128 129
   130 131 132 133 140 141 143 144 147 150 151 152 153 154 155 156 157 158 160 166 175 177 180 185 190 191 192 193
   194 195 196 197 198 199 911 919 933 990 991 992 993 994 995 996 997 998 999 14 15 16 17 18 19`.split(/\s+/),
);

/**
 * The E.164 form of text that is a phone number as a whole: "021 123 4567", "+64 21…", "0064…", "(021) 123-4567", "tel:…",
 * full-width digits; an extension is dropped. Only numbers that are valid in the numbering plan, so that it can tell phones
 * among fields that nobody labelled. `country` is the ISO 3166-1 alpha-2 code that national numbers are read in; with an
 * unknown one, only international spellings are read. Never throws.
 */
export const toE164 = (raw: string, country: string): string | null => {
  for (const candidate of readings(raw, country)) {
    if (candidate.isValid() && !isEmergencyNumber(candidate.number, country)) return candidate.number;
  }
  return null;
};

/**
 * The E.164 form of what somebody wrote into a field *labelled* as a phone. More generous than `toE164`, for here the label
 * has said already that it is a phone, and a lead must not be lost to a gap in the metadata:
 * - words around the number are allowed ("mob 021 123 4567, after 5"), and the first valid number of several is taken;
 * - a number that isn't valid is accepted if it is as long as a mobile or landline number of its country, which takes in
 *   young ranges and those kept for fiction and tests (+1 555 123 4567, +44 7700 900123). The library's own isPossible()
 *   would also take in "12345" (as long as some service numbers), and such a call could only fail.
 */
export const phoneFieldToE164 = (raw: string, country: string): string | null => {
  const valid = toE164(raw, country);
  if (valid !== null) return valid;
  const inText = numbersInText(tidy(raw), country);
  const found = [...inText.filter((phone) => phone.isValid()), ...readings(raw, country), ...inText];
  return found.find((phone) => fitsALine(phone) && !isEmergencyNumber(phone.number, country))?.number ?? null;
};

/**
 * The valid numbers that a text shows, E.164, in their order, each once: for words that nobody labelled. No emergency numbers, and none
 * that is part of a longer run of digits. @param text any length; what is beyond 20,000 characters is not read. Never throws.
 */
export const phonesInText = (text: string, country: string): string[] => {
  const plain = text.slice(0, MOST_TEXT).replace(/[\p{Cc}\p{Cf}]/gu, " ");
  const found = numbersInText(plain, country).filter((phone) => phone.isValid() && !isEmergencyNumber(phone.number, country));
  return [...new Set(found.map((phone) => phone.number))];
};

/** What is known of a number in E.164; anything that can't be read is `{country: null, type: "unknown"}`. Never throws. */
export const describePhone = (e164: string): PhoneDescription => {
  const phone = parsePhoneNumberFromString(tidy(e164), { extract: false });
  const country = phone?.country ?? null;
  if (isEmergencyNumber(e164, country ?? "")) return { country, type: "emergency" };
  if (phone === undefined) return { country: null, type: "unknown" };
  if (SATELLITE_CALLING_CODES.has(phone.countryCallingCode)) return { country, type: "satellite" };
  const type = phone.getType();
  return { country, type: type === undefined ? "unknown" : lowercase(type) };
};

/**
 * The countries that a number may belong to, ISO 3166-1 alpha-2. One where the numbering plan says which; where a calling
 * code is shared and the number fits none of its countries (ranges too young for the metadata, or kept for fiction), the
 * code's main country: the others are known by their ranges. Empty for what can't be read. Never throws.
 */
export const likelyCountry = (e164: string): string | null => {
  const phone = parsePhoneNumberFromString(tidy(e164), { extract: false });
  return phone?.country ?? phone?.getPossibleCountries()[0] ?? null;
};

/**
 * Whether dialling this would reach an emergency service somewhere: 111, 112, 000, 911, 999 and the like, in any spelling,
 * also behind a country's code (+64 111, 64111) or a trunk zero. `country` is the one whose code may have been put in front.
 */
export const isEmergencyNumber = (raw: string, country: string): boolean => {
  const text = tidy(raw);
  const region = supported(country);
  const national = parse(text, country)?.nationalNumber ?? "";
  const digits = parseIncompletePhoneNumber(text).replace(/^\+/, "");
  const callingCode = region === undefined ? "" : getCountryCallingCode(region);
  const local = digits.startsWith(callingCode) ? digits.slice(callingCode.length) : digits;
  return [national, digits, local].some((number) => EMERGENCY_NUMBERS.has(number) || EMERGENCY_NUMBERS.has(number.replace(/^0/, "")));
};

/** The ways to read the text, likeliest first. */
const readings = (raw: string, country: string): PhoneNumber[] => {
  const text = tidy(raw);
  const national = parse(text, country);
  // People write another country's international prefix than the form's own: "0064…" on an Australian form (where it is
  // 0011) or "011 64…" outside of North America. A reading of its own, so that a valid national number goes first.
  const international = /^(?:00|011)(?=[\s\d])(.*)$/s.exec(text)?.[1];
  const abroad = international === undefined ? undefined : parse(`+${international}`, "");
  // Valid readings first: "0064 21…" is also *possible* as an Australian number.
  const found = [national, abroad].filter((phone) => phone !== undefined);
  return [...found.filter((phone) => phone.isValid()), ...found.filter((phone) => !phone.isValid())];
};

const parse = (text: string, country: string): PhoneNumber | undefined =>
  parsePhoneNumberFromString(text, { extract: false, ...defaultCountry(country) });

/** With a country that it doesn't know the library reads nothing at all, not even international numbers. */
const defaultCountry = (country: string): { defaultCountry?: CountryCode } => {
  const region = supported(country);
  return region === undefined ? {} : { defaultCountry: region };
};

/** Numbers among words. One with more digits right beside it is a part of a mistyped longer one, and would be somebody else's. */
const numbersInText = (text: string, country: string): PhoneNumber[] =>
  findPhoneNumbersInText(text, { ...defaultCountry(country), extended: true })
    .filter(({ startsAt, endsAt }) => !/\p{Nd}[\s().+-]*$/u.test(text.slice(0, startsAt)) && !/^[\s().-]*\p{Nd}/u.test(text.slice(endsAt)))
    .map(({ number }) => number);

/** Control and invisible characters come along when a number is pasted; "tel:" is read here as the parser finds it only in running text. */
const tidy = (raw: string): string =>
  raw
    .slice(0, MAX_LENGTH)
    .replace(/[\p{Cc}\p{Cf}]/gu, " ")
    .trim()
    .replace(/^tel:\s*/i, "");

const supported = (country: string): CountryCode | undefined => {
  const code = country.trim().toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
};

const fitsALine = (phone: PhoneNumber): boolean =>
  phone.isValid() ||
  phone.getPossibleCountries().some((country) => {
    const metadata = new Metadata();
    metadata.selectNumberingPlan(country);
    const plan = metadata.numberingPlan;
    if (plan === undefined || !hasTypes(plan)) return false;
    return LINE_TYPES.some((type) => plan.type(type)?.possibleLengths().includes(phone.nationalNumber.length) ?? false);
  });

const LINE_TYPES = ["MOBILE", "FIXED_LINE"] as const;

/** Part of libphonenumber-js' numbering plan (source/metadata.js, 1.13) that its typings leave out. */
interface PlanWithTypes extends NumberingPlan {
  type(name: PhoneNumberType): { possibleLengths(): number[] } | undefined;
}
const hasTypes = (plan: NumberingPlan): plan is PlanWithTypes => "type" in plan && typeof plan.type === "function";

const lowercase = (type: PhoneNumberType): Lowercase<PhoneNumberType> => type.toLowerCase() as Lowercase<PhoneNumberType>;

/** As people of a country write it: without the country code at home, with it elsewhere. What cannot be read stays as it is. */
export const shownPhone = (e164: string, country: string): string => {
  const phone = parsePhoneNumberFromString(tidy(e164), { extract: false });
  if (phone === undefined) return e164;
  return phone.country === country ? phone.formatNational() : phone.formatInternational();
};
