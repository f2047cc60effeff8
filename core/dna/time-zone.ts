import { Temporal } from "temporal-polyfill";
import type { Dna } from "./schema.ts";

/** Where most people of a country live (IANA zone1970.tab), for a business that has not said where it is. */
const USUAL: Record<string, string> = {
  NZ: "Pacific/Auckland", AU: "Australia/Sydney", GB: "Europe/London", IE: "Europe/Dublin", US: "America/New_York", CA: "America/Toronto",
  ZA: "Africa/Johannesburg", SG: "Asia/Singapore", HK: "Asia/Hong_Kong", IN: "Asia/Kolkata", PH: "Asia/Manila", MY: "Asia/Kuala_Lumpur",
  DE: "Europe/Berlin", AT: "Europe/Vienna", CH: "Europe/Zurich", FR: "Europe/Paris", BE: "Europe/Brussels", NL: "Europe/Amsterdam", LU: "Europe/Luxembourg",
  ES: "Europe/Madrid", PT: "Europe/Lisbon", IT: "Europe/Rome", DK: "Europe/Copenhagen", SE: "Europe/Stockholm", NO: "Europe/Oslo", FI: "Europe/Helsinki",
  PL: "Europe/Warsaw", CZ: "Europe/Prague", MX: "America/Mexico_City", BR: "America/Sao_Paulo", AE: "Asia/Dubai", JP: "Asia/Tokyo", KR: "Asia/Seoul",
};

const isZone = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** The IANA zone of the business's clock on the wall; its country's most common one where the DNA names none that exists. */
export const zoneOf = ({ identity }: Pick<Dna, "identity">): string => {
  if (identity.time_zone !== undefined && isZone(identity.time_zone)) return identity.time_zone;
  return USUAL[identity.country] ?? "UTC";
};

/** Every zone of today is a multiple of this away from UTC, and so is every change of its clocks. */
const STEP_MS = 15 * 60_000;

/** Tells the hour (0-23) on a zone's wall clock. Asked for many times that lie close to each other, it remembers. */
export const hourReader = (timeZone: string): ((ms: number) => number) => {
  const known = new Map<number, number>();
  return (ms) => {
    const step = Math.floor(ms / STEP_MS);
    const hour = known.get(step) ?? Temporal.Instant.fromEpochMilliseconds(step * STEP_MS).toZonedDateTimeISO(timeZone).hour;
    known.set(step, hour);
    return hour;
  };
};
