import { reactivate } from "@/lib/words/reactivate.en";
import type { Tone } from "@/ui/badge";

/** For words that the API says of a campaign: one that has no text of its own is shown as it is, readable. */
export const campaignWord = (group: "status" | "pauseReason" | "state" | "reply" | "why" | "figures", word: string): string => (reactivate[group] as Record<string, string>)[word] ?? word.replaceAll("_", " ");

const TONES: Readonly<Record<string, Tone>> = { preparing: "plain", preview: "accent", running: "accent", paused: "warn", stopped: "plain", completed: "good", planned: "plain", sent: "good", refused: "warn", skipped: "plain", failed: "bad", canceled: "plain" };
export const campaignTone = (word: string): Tone => TONES[word] ?? "plain";
