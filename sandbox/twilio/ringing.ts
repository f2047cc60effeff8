import type { FinalStatus, Leg } from "./leg.ts";

/** From dialling to the first ring. */
export const SETUP_MS = 80;
const BUSY_MS = 200;
/** A person who does not want to wait gives up this long after the other side began to ring. */
export const GIVES_UP_MS = 200;

/** What dialling this number leads to, and how many milliseconds after the first ring. */
export type RingResult = { readonly kind: "answer"; readonly atMs: number } | { readonly kind: "told" } | { readonly kind: "ends"; readonly status: Exclude<FinalStatus, "completed">; readonly atMs: number };

/** Whether there is a ring at all. */
export function rings(leg: Leg): boolean {
  return leg.behaviour.pickup !== "busy" && leg.behaviour.pickup !== "fails" && leg.behaviour.call_error === null;
}

/** Decided by comparing times before any is waited for, so that it does not depend on the machine's load. */
export function ringResult(leg: Leg, timeoutMs: number): RingResult {
  const { behaviour } = leg;
  if (behaviour.pickup === "fails" || behaviour.call_error !== null) return { kind: "ends", status: "failed", atMs: BUSY_MS };
  if (behaviour.pickup === "rings") return { kind: "told" };
  if (behaviour.pickup === "busy") return { kind: "ends", status: "busy", atMs: BUSY_MS };
  if (behaviour.pickup === "no-answer" || behaviour.answer_after_ms > timeoutMs) return { kind: "ends", status: "no-answer", atMs: timeoutMs };
  if (behaviour.pickup === "declines") return { kind: "ends", status: "busy", atMs: behaviour.answer_after_ms };
  return { kind: "answer", atMs: behaviour.answer_after_ms };
}
