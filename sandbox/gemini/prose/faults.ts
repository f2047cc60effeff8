import { BadRequest } from "../../kit/http.ts";
import { isObject } from "../../kit/json.ts";
import type { Brief } from "./brief.ts";
import type { Draft, Sentence } from "./draft.ts";

/** What a model that writes pages gets wrong. Each changes one draft, which is otherwise honest. */
export const PROSE_FAULTS = [
  "invents_price", "invents_phone", "invents_name", "invents_place", "invents_distance", "invents_years", "invents_percentage", "invents_claim", "invents_address",
  "invents_in_title", "invents_in_faq", "cites_wrong_source", "cites_nothing", "cites_unknown", "stuffs_keyword", "copies_page", "forgets_place", "is_short", "is_wordy", "injects_html",
] as const;
export type ProseFaultKind = (typeof PROSE_FAULTS)[number];

export interface ProseFault {
  readonly kind: ProseFaultKind;
  /** How many pages it still meets. */
  times: number;
}

export function parseProseFault(input: unknown): ProseFault {
  const kind = isObject(input) ? PROSE_FAULTS.find((known) => known === input["kind"]) : undefined;
  if (!isObject(input) || kind === undefined) throw new BadRequest(`kind is one of: ${PROSE_FAULTS.join(", ")}.`);
  const { times = Number.MAX_SAFE_INTEGER } = input;
  if (typeof times !== "number") throw new BadRequest("times is a number.");
  return { kind, times };
}

const last = (draft: Draft): Sentence[] => draft.sections.at(-1)?.sentences ?? draft.intro;
const allSentences = (draft: Draft): Sentence[] => [...draft.intro, ...draft.sections.flatMap(({ sentences }) => sentences), ...draft.faq.flatMap(({ answer }) => answer)];
const cited = (draft: Draft): Sentence[] => allSentences(draft).filter(({ sources }) => sources.length > 0);

/** Says something that no source says, naming one that says something else. */
function invent(draft: Draft, { sources }: Brief, text: string): void {
  last(draft).push({ text, sources: sources.slice(0, 1).map(({ ref }) => ref) });
}

/** What stands in the draft of another page, with its place taken for this one's. */
export interface EarlierDraft {
  readonly brief: Brief;
  readonly draft: Draft;
}

function copyOf({ brief: from, draft }: EarlierDraft, to: Brief): Draft {
  const swapped = (text: string): string => [[from.keyword, to.keyword], [from.place ?? "", to.place ?? ""], [from.service, to.service]].reduce((rest, [old = "", name = ""]) => (old === "" ? rest : rest.replaceAll(new RegExp(old.replaceAll(/[^\p{L}\p{N}]/gu, "."), "gi"), name)), text);
  const sentence = ({ text, sources }: Sentence): Sentence => ({ text: swapped(text), sources });
  return {
    title: swapped(draft.title),
    meta_description: swapped(draft.meta_description),
    h1: swapped(draft.h1),
    intro: draft.intro.map(sentence),
    sections: draft.sections.map((section) => ({ ...section, heading: swapped(section.heading), sentences: section.sentences.map(sentence) })),
    faq: draft.faq.map(({ question, answer }) => ({ question: swapped(question), answer: answer.map(sentence) })),
  };
}

/** Spoils a draft. @param earlier the draft before it, for `copies_page` */
export function spoil(draft: Draft, kind: ProseFaultKind, brief: Brief, earlier: EarlierDraft | undefined): Draft {
  switch (kind) {
    case "invents_price":
      invent(draft, brief, "The work costs 99 dollars and not a cent more.");
      break;
    case "invents_phone":
      invent(draft, brief, "After hours you reach us on +64 9 555 7788.");
      break;
    case "invents_name":
      invent(draft, brief, "Bartholomew answers the phone himself.");
      break;
    case "invents_place":
      invent(draft, brief, "The workshop is behind the Elderberry Street Markets.");
      break;
    case "invents_distance":
      invent(draft, brief, "Somebody is never more than 0.3 km away.");
      break;
    case "invents_years":
      invent(draft, brief, "It has been our work for thirty-seven years.");
      break;
    case "invents_percentage":
      invent(draft, brief, "Most houses save 23% of their water that way.");
      break;
    case "invents_claim":
      invent(draft, brief, "Everybody who comes is fully licensed and insured.");
      break;
    case "invents_address":
      invent(draft, brief, "Book at www.bookings-here.example.com in a minute.");
      break;
    case "invents_in_title":
      draft.title = `${draft.title.split(":")[0] ?? draft.title}: from 49 dollars`;
      break;
    case "invents_in_faq":
      draft.faq.push({ question: "How soon can somebody be here?", answer: [{ text: "Within 17 minutes, day and night.", sources: brief.sources.slice(0, 1).map(({ ref }) => ref) }] });
      break;
    case "cites_wrong_source":
      for (const one of cited(draft)) one.sources = brief.sources.slice(0, 1).map(({ ref }) => ref);
      break;
    case "cites_nothing":
      for (const one of cited(draft)) one.sources = [];
      break;
    case "cites_unknown":
      for (const one of cited(draft)) one.sources = ["s998"];
      break;
    case "stuffs_keyword":
      for (const one of allSentences(draft).slice(0, 20)) one.text = `${one.text.replace(/[.!?]$/, "")}, ${brief.keyword}.`;
      break;
    case "copies_page":
      return earlier === undefined ? draft : copyOf(earlier, brief);
    case "forgets_place": {
      const anchors = new Set(brief.sources.filter(({ kind, text }) => kind === "anchor" || (brief.place !== null && text.includes(brief.place))).map(({ ref }) => ref));
      draft.sections = draft.sections.map((section) => ({ ...section, sentences: section.sentences.filter(({ sources }) => !sources.some((ref) => anchors.has(ref))) })).filter(({ sentences }) => sentences.length > 0);
      draft.faq = draft.faq.filter(({ answer }) => !answer.some(({ sources }) => sources.some((ref) => anchors.has(ref))));
      break;
    }
    case "is_short":
      draft.sections = draft.sections.slice(0, 1);
      break;
    case "is_wordy":
      for (const one of allSentences(draft)) one.text = `Notwithstanding considerable organisational complexities surrounding responsibilities, ${one.text.charAt(0).toLowerCase()}${one.text.slice(1)}`;
      break;
    case "injects_html":
      invent(draft, brief, `</span><script>alert(1)</script><img src=x onerror=alert(1)> look at this`);
      break;
  }
  return draft;
}
