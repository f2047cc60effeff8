import { Temporal } from "temporal-polyfill";
import type { Dna } from "./schema.ts";
import { zoneOf } from "./time-zone.ts";

/**
 * When the next canary is due: once on each date of the business's calendar. A time that the clocks skip is the same stretch
 * later (02:30 becomes 03:30); one that they show twice counts the first time.
 * @param after ms since the epoch
 * @returns ms; null when the DNA asks for none
 */
export const nextCanaryAt = (dna: Dna, after: number): number | null => {
  const { enabled, canary } = dna.modules.lead_gen;
  if (!enabled || !canary.enabled) return null;
  const timeZone = zoneOf(dna);
  const time = Temporal.PlainTime.from(canary.at);
  const today = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone).toPlainDate();
  const on = (date: Temporal.PlainDate): number => date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
  const first = on(today);
  return first > after ? first : on(today.add({ days: 1 }));
};

/**
 * The DNA by which a canary's call is planned: nobody of the real people in it, no hours to wait for. Whose canary was
 * switched off meanwhile has nobody to ring at all.
 */
export const canaryDna = (dna: Dna): Dna => {
  const { canary, sales_bridge } = dna.modules.lead_gen;
  const { destination_phone: _, hours: _hours, holidays: _holidays, fallback_contact: _fallback, ...bridge } = sales_bridge;
  const standIn = canary.enabled && canary.owner_phone !== undefined ? [{ name: "Canary", phone: canary.owner_phone }] : [];
  const quiet = { customer_texts: { before_ring: "", missed: "" }, feedback: { ...bridge.feedback, enabled: false }, attempts: { ...bridge.attempts, rounds: 1 }, ring_strategy: "sequential" as const };
  return { ...dna, modules: { ...dna.modules, lead_gen: { ...dna.modules.lead_gen, sales_bridge: { ...bridge, ...quiet, destinations: standIn } } } };
};

/** The DNA by which a lead's call is planned. */
export const dnaFor = (lead: { canary: boolean }, dna: Dna): Dna => (lead.canary ? canaryDna(dna) : dna);
