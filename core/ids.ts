import { v7 } from "uuid";

/** What an id names, so that a person reading a log knows what they are looking at. */
export type IdKind = "ten" | "usr" | "ent" | "call" | "run" | "msg" | "aud" | "req" | "fail" | "dna" | "exp" | "ses" | "key" | "mlt" | "inv" | "ctx" | "chk" | "cmp" | "rcp" | "whe" | "whd";

/**
 * An id that sorts by the time it was made (UUID version 7, RFC 9562), so that "newest first" is the primary
 * key's own order and a list needs neither a sort nor an extra index.
 * @param nowMs business time; rows made under a clock offset sort by it too
 */
export const newId = (kind: IdKind, nowMs: number): string => `${kind}_${v7({ msecs: nowMs }).replaceAll("-", "")}`;

/** Unguessable text for URLs and secrets: `bytes` random bytes as base64url. */
export const randomToken = (bytes = 24): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(bytes))))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Sorts before every id of that kind made at `ms` or later, and after all made before: what a range of time is in ids. */
export const firstId = (kind: IdKind, ms: number): string => `${kind}_${Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0")}`;

/** When an id was made, ms. */
export const timeOf = (id: string): number => Number.parseInt(id.slice(id.indexOf("_") + 1).slice(0, 12), 16);
