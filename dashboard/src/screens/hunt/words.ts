import { hunt } from "@/lib/words/hunt.en";

/** For words that the API says of a hunt: one that has no text of its own is shown as it is, readable. */
export const huntWord = (group: "kind" | "state" | "by" | "reason" | "ending" | "rule" | "judged" | "acted", word: string): string => (hunt[group] as Record<string, string>)[word] ?? word.replaceAll("_", " ");
