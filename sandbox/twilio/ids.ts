import { randomBytes } from "node:crypto";

/** A Twilio SID: two letters for the kind, 32 hex digits. */
export function newSid(kind: "CA" | "RE" | "SM"): string {
  return kind + randomBytes(16).toString("hex");
}

/** `Sun, 25 Mar 2018 09:53:19 +0000`: RFC 2822 as Twilio writes it. */
export function rfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace("GMT", "+0000");
}

export function rfc2822OrNull(ms: number | null): string | null {
  return ms === null ? null : rfc2822(ms);
}
