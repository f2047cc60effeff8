import type { Dna } from "./schema.ts";

/**
 * Where most of a country's businesses are, for a DNA that names no zone (IANA zone1970.tab; of several zones the one of the
 * largest city). A business elsewhere says so in `identity.time_zone`.
 */
const ZONE_OF_COUNTRY: Record<string, string> = {
  NZ: "Pacific/Auckland", AU: "Australia/Sydney", GB: "Europe/London", IE: "Europe/Dublin", US: "America/New_York", CA: "America/Toronto",
  ZA: "Africa/Johannesburg", SG: "Asia/Singapore", HK: "Asia/Hong_Kong", IN: "Asia/Kolkata", PH: "Asia/Manila", MY: "Asia/Kuala_Lumpur",
  DE: "Europe/Berlin", AT: "Europe/Vienna", CH: "Europe/Zurich", FR: "Europe/Paris", BE: "Europe/Brussels", NL: "Europe/Amsterdam", LU: "Europe/Luxembourg",
  ES: "Europe/Madrid", PT: "Europe/Lisbon", IT: "Europe/Rome", DK: "Europe/Copenhagen", SE: "Europe/Stockholm", NO: "Europe/Oslo", FI: "Europe/Helsinki",
  PL: "Europe/Warsaw", CZ: "Europe/Prague", MX: "America/Mexico_City", BR: "America/Sao_Paulo", AE: "Asia/Dubai", JP: "Asia/Tokyo", KR: "Asia/Seoul",
};

export const zoneOf = ({ identity }: Pick<Dna, "identity">): string => identity.time_zone ?? ZONE_OF_COUNTRY[identity.country] ?? "UTC";
