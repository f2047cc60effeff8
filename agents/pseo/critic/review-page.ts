import type { AgentContext } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { getContent } from "../page-content.ts";
import { paidOnce } from "../paid-once.ts";
import type { Page } from "../page.ts";
import type { Finding, Review } from "../page.schemas.ts";
import { staleSources } from "../sources/gather.ts";
import { askModel, modelFindings, modelReviewName, modelReviewSchema } from "./model-review.ts";
import { reviewed } from "./reviewed.ts";
import { rules } from "./rules/index.ts";
import { type Verdict, verdictOf } from "./score.ts";
import { checkUniqueness } from "./uniqueness/unique.ts";

type Context = Pick<AgentContext<AgentTools>, "memory" | "tools" | "project" | "dna" | "runId">;

const isError = ({ severity }: Finding): boolean => severity === "error";

/** Rules first, as they are free and certain; other pages next; the model only for what has passed both. */
const judge = async ({ memory, tools, dna, runId }: Context, page: Page, version: string): Promise<Verdict> => {
  const content = await getContent(tools.storage, page, version);
  const { min_score } = dna.modules.local_seo.pages;
  const stale = await staleSources({ memory }, page, dna, content.sources);
  const subject = reviewed(page, content, dna, stale);
  const found = rules.flatMap((rule) => rule.check(subject));
  if (found.some(isError)) return verdictOf(found, null, min_score);
  found.push(...(await checkUniqueness({ memory, similar: tools.similarOf(memory) }, page, content, version)));
  if (found.some(isError)) return verdictOf(found, null, min_score);
  const input = { metadata: page.metadata, content, dna };
  const { value } = await paidOnce(tools.storage, page, modelReviewName(input), modelReviewSchema, async () => askModel(tools.gatewayOf(memory, page.project_id, runId), input));
  return verdictOf([...found, ...modelFindings(value, input)], value.score, min_score);
};

/**
 * Reviews the version of a page that waits for it, and says what becomes of the page: passed, back to the writer, or to a person when it
 * has been refused as often as it may. Safe to repeat; a page that was written anew meanwhile is left alone.
 * @throws AppError of the model gateway and the index; 404 when its text is gone
 */
export const reviewPage = async (context: Context, page: Page): Promise<Record<string, unknown>> => {
  const { memory, tools, dna } = context;
  const { content, drafts } = page.metadata;
  if (content === null) return { outcome: "not_written" };
  const { score, passed, findings } = await judge(context, page, content.version);
  const status = passed ? "passed" : drafts >= dna.modules.local_seo.pages.max_drafts ? "needs_person" : "refused";
  const review: Review = { score, passed, findings, sha256: content.sha256, reviewed_at: tools.clock.now() };
  // What does not go out stands in no other page's way. Before the verdict: after a crash it is claimed again.
  if (!passed) await memory.pagePrints.drop(page.id);
  const moved = await memory.keyed.change(page.id, { set: { status, review }, expect: { status: page.metadata.status, "content.version": content.version } });
  return { outcome: moved === null ? "overtaken" : status, score, errors: findings.filter(isError).length, warnings: findings.filter((finding) => !isError(finding)).length };
};
