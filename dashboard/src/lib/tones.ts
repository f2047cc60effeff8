import type { Tone } from "@/ui/badge";

const TONES: Readonly<Record<string, Tone>> = {
  new: "accent", calling: "accent", running: "accent", connected: "good", called: "good", won: "good", completed: "good", succeeded: "good", quoted: "accent",
  no_answer: "warn", needs_contact: "warn", held: "warn", queued: "plain", failed: "warn", dead: "bad", spam: "plain", lost: "plain", opted_out: "plain",
};

/** How loudly a call's end is shown, wherever it is; null: it is going on. */
export const toneOfEnd = (end: string | null): Tone => (end === null ? "accent" : end === "connected" ? "good" : "warn");

/** How loudly a status is shown. */
export const toneOf = (status: string): Tone => TONES[status] ?? "plain";
