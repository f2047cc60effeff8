import { isObject, type JsonObject, listOf, nameOf, textOf, typesOf } from "../../core/web/json-ld.ts";
import { WEEKDAYS, type Weekday } from "../../core/dna/hours.ts";
import type { OpeningHours } from "./facts.ts";

/* schema.org's LocalBusiness and its kin, as pages write it. */

const KIN = /Business|Organization|Store|Plumber|Electrician|Locksmith|Attorney|LegalService|Dentist|Roofing|Contractor|Service$|Physician|Clinic/;
const NOT_A_BUSINESS = new Set(["Service", "WebSite", "WebPage", "EmergencyService"]);

/** The node that describes the business: the one of its kin that says the most. */
export const businessNode = (nodes: readonly JsonObject[]): JsonObject | null => {
  const kin = nodes.filter((node) => typesOf(node).some((type) => KIN.test(type) && !NOT_A_BUSINESS.has(type)) && ("telephone" in node || "address" in node || "openingHours" in node || "openingHoursSpecification" in node));
  return kin.toSorted((a, b) => Object.keys(b).length - Object.keys(a).length)[0] ?? null;
};

/** A postal address in one line, as its parts stand on an envelope. */
export const addressOf = (value: unknown): string | null => {
  const [first] = listOf(value);
  if (!isObject(first)) return textOf(first);
  const { streetAddress, addressLocality, addressRegion, postalCode } = first;
  const parts = [textOf(streetAddress), textOf(addressLocality), [textOf(addressRegion), textOf(postalCode)].filter((part) => part !== null).join(" ")];
  const line = parts.filter((part) => part !== null && part !== "").join(", ");
  return textOf(streetAddress) === null || line === "" ? null : line;
};

export const localityOf = (node: JsonObject): string | null => {
  const [address] = listOf(node["address"]);
  return isObject(address) ? textOf(address["addressLocality"]) : null;
};

const DAY_NAMES: Readonly<Record<string, Weekday>> = {
  monday: "mon", tuesday: "tue", wednesday: "wed", thursday: "thu", friday: "fri", saturday: "sat", sunday: "sun",
  mo: "mon", tu: "tue", we: "wed", th: "thu", fr: "fri", sa: "sat", su: "sun",
};
const dayOf = (text: string): Weekday | undefined => DAY_NAMES[text.replace(/^https?:\/\/schema\.org\//, "").toLowerCase()];

const windowOf = (opens: string, closes: string): string | null => {
  const time = /^([01]?\d|2[0-4]):([0-5]\d)/;
  const [from, to] = [time.exec(opens), time.exec(closes)];
  if (!from || !to) return null;
  const text = (match: RegExpExecArray): string => `${(match[1] ?? "").padStart(2, "0")}:${match[2] ?? ""}`;
  const [start, end] = [text(from), text(to)];
  if (start === "00:00" && (end === "23:59" || end === "24:00" || end === "00:00")) return "24h";
  return start === end ? null : `${start}-${end === "23:59" ? "24:00" : end}`;
};

const add = (hours: OpeningHours, days: readonly Weekday[], window: string): void => {
  for (const day of days) hours[day] = [...new Set([...(hours[day] ?? []), window])];
};

/** Days from one to another, around the week's end where it is written so. */
const daysBetween = (from: Weekday, to: Weekday): Weekday[] => {
  const [start, end] = [WEEKDAYS.indexOf(from), WEEKDAYS.indexOf(to)];
  return WEEKDAYS.map((_, offset) => WEEKDAYS[(start + offset) % 7] ?? "mon").slice(0, ((end - start + 7) % 7) + 1);
};

/** `openingHoursSpecification`, else `openingHours` ("Mo-Fr 08:00-17:00"); null where neither can be read. */
export const hoursOf = (node: JsonObject): OpeningHours | null => {
  const hours: OpeningHours = {};
  for (const entry of listOf(node["openingHoursSpecification"]).filter(isObject)) {
    const days = listOf(entry["dayOfWeek"]).flatMap((day) => dayOf(nameOf(day) ?? "") ?? []);
    const window = windowOf(textOf(entry["opens"]) ?? "", textOf(entry["closes"]) ?? "");
    if (window !== null) add(hours, days, window);
  }
  if (Object.keys(hours).length === 0) {
    for (const line of listOf(node["openingHours"]).flatMap((entry) => (typeof entry === "string" ? entry.split(/;\s*/) : []))) {
      const [, days = "", opens = "", closes = ""] = /^\s*([A-Za-z,\s-]+?)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})/.exec(line) ?? [];
      const window = windowOf(opens, closes);
      if (window === null) continue;
      for (const span of days.split(",")) {
        const [from, to] = span.split("-").map((day) => dayOf(day.trim()));
        if (from !== undefined) add(hours, to === undefined ? [from] : daysBetween(from, to), window);
      }
    }
  }
  return Object.keys(hours).length === 0 ? null : Object.fromEntries(WEEKDAYS.flatMap((day) => (hours[day] === undefined ? [] : [[day, hours[day]]])));
};

export interface Offered {
  name: string;
  price: number | null;
}

const priceIn = (node: JsonObject): number | null => {
  const [specification] = listOf(node["priceSpecification"]).filter(isObject);
  for (const value of [node["price"], node["lowPrice"], specification?.["price"], specification?.["minPrice"]]) {
    const number = Number(textOf(value) ?? NaN);
    if (Number.isFinite(number) && number > 0) return number;
  }
  return null;
};

/** What it offers: catalogues, offers, and services that stand for themselves. */
export const offersOf = (nodes: readonly JsonObject[]): Offered[] => {
  const found = new Map<string, Offered>();
  const keep = (name: string | null, price: number | null): void => {
    if (name === null || name.length > 120) return;
    const key = name.toLowerCase();
    found.set(key, { name, price: found.get(key)?.price ?? price });
  };
  for (const node of nodes) {
    const types = typesOf(node);
    if (types.includes("Offer") || "itemOffered" in node) keep(nameOf(node["itemOffered"]) ?? textOf(node["name"]), priceIn(node));
    else if (types.includes("Service")) keep(textOf(node["name"]), listOf(node["offers"]).filter(isObject).map(priceIn).find((price) => price !== null) ?? null);
  }
  return [...found.values()];
};

/** Places that it serves. schema.org's `City` is a city; everything else is taken for a part of one. */
export const areasOf = (node: JsonObject): { name: string; kind: "city" | "suburb" }[] =>
  listOf(node["areaServed"]).flatMap((area) => {
    const name = nameOf(area);
    return name === null ? [] : [{ name, kind: isObject(area) && typesOf(area).includes("City") ? ("city" as const) : ("suburb" as const) }];
  });
