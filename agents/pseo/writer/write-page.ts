import type { Dna } from "../../../core/dna/schema.ts";
import type { AgentContext } from "../../../core/kernel/agent.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { newMark } from "../../fence.ts";
import type { AgentTools } from "../../tools.ts";
import { paidOnce } from "../paid-once.ts";
import type { Page } from "../page.ts";
import { putContent, storedContentSchema } from "../page-content.ts";
import type { Finding, PageContent, Source } from "../page.schemas.ts";
import { isAboutPlace } from "../sources/about-place.ts";
import { gatherSources } from "../sources/gather.ts";
import { draftSchema } from "./draft.schemas.ts";
import { hubOf } from "./hub.ts";
import { jsonLdFor } from "./json-ld.ts";
import { type Brief, briefOf, PROMPT_VERSION, questionFor, systemFor } from "./prompt.ts";
import { renderDraft } from "./render.ts";

/** Tokens of a word of English with the marks and braces around it, generously. */
const TOKENS_A_WORD = 8;
const LEAST_OUTPUT_TOKENS = 4096;

/** Pages that wait to be written, for the first time or again. */
export const WRITABLE = ["planned", "refused"] as const;

type Context = Pick<AgentContext<AgentTools>, "memory" | "tools" | "project" | "dna" | "runId">;

/** What a page is made of, all of it: the same inputs are the same page, and are not paid for again. */
const digestOf = (brief: Brief, sources: readonly Source[], findings: readonly Finding[]): string => sha256Hex(JSON.stringify([PROMPT_VERSION, brief, sources, findings]));

/** Refusals that the next draft is to mend. */
const findingsFor = ({ metadata: { status, review } }: Page): Finding[] => (status === "refused" ? (review?.findings ?? []) : []);

const compose = async ({ memory, tools, runId }: Context, page: Page, dna: Dna, brief: Brief, sources: Source[], findings: readonly Finding[], hub: Awaited<ReturnType<typeof hubOf>>): Promise<PageContent> => {
  const mark = newMark();
  const { value: draft } = await tools.gatewayOf(memory, page.project_id, runId).generate({
    purpose: "prose",
    system: systemFor(brief, mark),
    parts: [{ text: questionFor(brief, sources, findings, mark) }],
    schema: draftSchema,
    maxOutputTokens: LEAST_OUTPUT_TOKENS + TOKENS_A_WORD * brief.min_words,
  });
  const rendered = renderDraft(draft, { sources, phone: dna.identity.contact?.phone, country: dna.identity.country });
  return { ...rendered, json_ld: jsonLdFor({ metadata: page.metadata, content: rendered, hub }, dna), sources };
};

const NOTHING_LOCAL: Finding = {
  rule: "place",
  severity: "error",
  line: null,
  message: "Nothing is known that is true of this service in this place and of no other.",
  suggestion: "Scout the place, or add a tip or an answer that names it to the brand brain.",
};

/**
 * Writes one page that waits for it: sources, model, HTML, storage, and then the page's metadata, if it still waits. Interrupted
 * anywhere, it is done again and paid for once.
 * @throws AppError of `gemini.errors.ts`
 */
export const writePage = async (context: Context, page: Page): Promise<Record<string, unknown>> => {
  const { memory, tools, dna } = context;
  const { metadata } = page;
  const expect = { status: metadata.status, drafts: metadata.drafts };
  const sources = await gatherSources({ memory, context: tools.contextOf(memory) }, page, dna);
  if (metadata.place !== null && !sources.some((source) => isAboutPlace(source, metadata.place))) {
    // Not worth a model's answer: the critic would refuse it whatever it says.
    const review = { score: 0, passed: false, findings: [NOTHING_LOCAL], sha256: "", reviewed_at: tools.clock.now() };
    await memory.keyed.change(page.id, { set: { status: "needs_person", review }, expect });
    return { outcome: "no_evidence" };
  }
  const brief = briefOf(metadata, dna);
  const findings = findingsFor(page);
  const hub = await hubOf(memory, page);
  const inputs = digestOf(brief, sources, findings);
  const { value: stored, paid } = await paidOnce(tools.storage, page, `draft-${inputs}`, storedContentSchema, async () =>
    putContent(tools.storage, page, await compose(context, page, dna, brief, sources, findings, hub)),
  );
  const content = { ...stored, written_at: tools.clock.now(), inputs };
  const moved = await memory.keyed.change(page.id, { set: { status: "written", content, drafts: metadata.drafts + 1 }, expect });
  return { outcome: moved === null ? "overtaken" : "written", version: content.version, words: content.words, paid, sources: sources.length };
};
