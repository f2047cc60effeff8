import type { Schema } from "../schema.ts";
import { type Brief, briefIn } from "./brief.ts";
import { type Draft, draftFor } from "./draft.ts";
import { type EarlierDraft, type ProseFault, spoil } from "./faults.ts";

const namesOf = (schema: Schema): Set<string> => new Set(schema.properties.map(([name]) => name));
const isPage = (schema: Schema): boolean => ["title", "intro", "sections", "faq"].every((name) => namesOf(schema).has(name));
const isReview = (schema: Schema): boolean => ["score", "findings"].every((name) => namesOf(schema).has(name));

/** Sentences of such length nobody reads to the end. */
const LONG_LINE = /(?:\S+\s+){45}\S+[^.!?]*$/;

/** What somebody thinks of a page who reads it quickly: fine, but for what is too long. */
function reviewOf(prompt: string): object {
  const lines = [...prompt.matchAll(/^(\d+)\| (.+)$/gm)].map(([, line = "0", html = ""]) => ({ line: Number(line), text: html.replaceAll(/<[^>]*>/g, "") }));
  const findings = lines
    .filter(({ text }) => text.split(/(?<=[.!?])\s/).some((sentence) => LONG_LINE.test(sentence)))
    .slice(0, 3)
    .map(({ line }) => ({ severity: "warning", line, message: "This is hard to read in one go.", suggestion: "Break it up." }));
  return { score: Math.max(0, 92 - 4 * findings.length), findings };
}

/** Writes pages from the numbered sources of a prompt, and reviews them. */
export class Prose {
  #earlier: EarlierDraft | undefined;

  /** JSON, or undefined for a prompt that is about something else. */
  answer(prompt: string, schema: Schema, takeFault: () => ProseFault | undefined): string | undefined {
    const brief = isPage(schema) ? briefIn(prompt) : undefined;
    if (brief !== undefined) return JSON.stringify(this.#write(brief, takeFault()));
    return isReview(schema) && /^The page, each line/m.test(prompt) ? JSON.stringify(reviewOf(prompt)) : undefined;
  }

  #write(brief: Brief, fault: ProseFault | undefined): Draft {
    const honest = draftFor(brief);
    const draft = fault === undefined ? honest : spoil(structuredClone(honest), fault.kind, brief, this.#earlier);
    if (fault === undefined) this.#earlier = { brief, draft: honest };
    return draft;
  }
}
