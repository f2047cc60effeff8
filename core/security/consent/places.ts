import { likelyCountry } from "../../phone.ts";
import { AREA_CODES_OF_STATE, ZONE_OF_COUNTRY, ZONES_OF_AREA_CODE, ZONES_OF_COUNTRY, ZONES_OF_PREFIX, ZONES_OF_STATE } from "./places.data.ts";

/** Where somebody may be. */
export interface Place {
  /** ISO 3166-1 alpha-2; null when unknown. */
  country: string | null;
  /** ISO 3166-2, e.g. "US-TX"; null when unknown. */
  state: string | null;
  /** IANA names of all the clocks that may be theirs. Empty: the country has several, and nothing tells which. */
  zones: readonly string[];
}

const STATE_OF_AREA_CODE: ReadonlyMap<string, string> = new Map(
  Object.entries(AREA_CODES_OF_STATE).flatMap(([state, codes]) => codes.split(" ").map((code) => [code, state] as const)),
);
const LONGEST_PREFIX = 8;

const zonesByPrefix = (digits: string): readonly string[] | null => {
  for (let length = Math.min(LONGEST_PREFIX, digits.length); length >= 3; length--) {
    const zone = ZONES_OF_PREFIX[digits.slice(0, length)];
    if (zone !== undefined) return [zone];
  }
  return null;
};

/**
 * What a number tells of where its owner lives: North American and Brazilian or Mexican numbers by area code, mobiles too;
 * fixed lines of other countries with several clocks by prefix.
 * @param phone E.164
 */
export const placeOfNumber = (phone: string): Place => {
  const country = likelyCountry(phone);
  const digits = phone.replace(/^\+/, "");
  if (country === null) return { country, state: null, zones: [] };
  if (country === "US" || country === "CA") {
    const areaCode = digits.slice(1, 4);
    const state = STATE_OF_AREA_CODE.get(areaCode);
    if (state === undefined) return { country, state: null, zones: [] };
    const [main] = ZONES_OF_STATE[state] ?? [];
    return { country, state, zones: ZONES_OF_AREA_CODE[areaCode] ?? (main === undefined ? [] : [main]) };
  }
  const only = ZONE_OF_COUNTRY.get(country);
  return { country, state: null, zones: zonesByPrefix(digits) ?? (only === undefined ? [] : [only]) };
};

/** All the clocks of a country; a country that nobody knows has none. */
export const zonesOfCountry = (country: string): readonly string[] => {
  const only = ZONE_OF_COUNTRY.get(country);
  return ZONES_OF_COUNTRY[country] ?? (only === undefined ? [] : [only]);
};

export const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

/** What an address tells; null when nothing that can be used. */
export const placeOfAddress = (place: { state: string | null; time_zone: string | null } | null): Place | null => {
  if (place === null) return null;
  const state = place.state?.toUpperCase() ?? null;
  const country = /^([A-Z]{2})-[A-Z0-9]{1,3}$/.exec(state ?? "")?.[1] ?? null;
  const zone = place.time_zone !== null && isTimeZone(place.time_zone) ? place.time_zone : null;
  const zones = zone !== null ? [zone] : (ZONES_OF_STATE[state ?? ""] ?? (country === null ? [] : zonesOfCountry(country)));
  return zones.length === 0 ? null : { country, state: country === null ? null : state, zones };
};
