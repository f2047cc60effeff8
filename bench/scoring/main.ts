import { chunked } from "../../core/chunked.ts";
import { parseArgs } from "node:util";
import { canonicalUrl } from "../../agents/lead-gen/hunt/canonical-url.ts";
import { isSameJob } from "../../agents/lead-gen/hunt/same-job.ts";
import { judge } from "../../agents/lead-gen/scoring/ask.ts";
import { LEADS_A_QUESTION, PROMPT_VERSION } from "../../agents/lead-gen/scoring/question.ts";
import { ruleHits } from "../../agents/lead-gen/scoring/rules.ts";
import type { LeadToScore } from "../../agents/lead-gen/scoring/scoring.types.ts";
import { totalOf, UNSUPPORTED_AT_MOST } from "../../agents/lead-gen/scoring/total.ts";
import { createGeminiGateway, type GeminiGateway } from "../../core/providers/gemini/gateway.ts";
import { MODELS } from "../../core/providers/gemini/models.ts";
import { startSandbox } from "../../sandbox/index.ts";
import { kendall, spearman, topOverlap } from "../lib/rank.ts";
import { type LabelledPair, loadDna, loadLeads, loadPairs, type PairPost } from "./sets.ts";

const USAGE = `npm run bench:scoring -- [--live] [--misses]

  How well found leads are put in order (a hundred, bench/scoring/leads.data.yaml) and how well posts of one job are known for one
  (bench/scoring/pairs.data.yaml), by the product's own rules, questions and thresholds. Without --live the model and the embeddings are the
  sandbox's, which look for words and understand none: those figures are of the pipeline.

  --live    asks Gemini, with GOOGLE_API_KEY
  --misses  lists the leads that are furthest from their place, and the pairs that were judged wrongly`;

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

const reportOrder = async (gateway: GeminiGateway, misses: boolean): Promise<void> => {
  const dna = loadDna();
  const { weights } = dna.modules.lead_gen.scoring;
  const labelled = loadLeads();
  const leads: LeadToScore[] = labelled.map(({ title, text, place }, at) => ({ id: String(at), title, message: text, place, urgency: null, posted_at: null }));
  const worth = labelled.map((lead) => lead.worth);
  const settled = leads.map((lead) => ruleHits(lead, dna).length > 0);
  const byRules = settled.map((out) => (out ? 0 : 1));

  const open = leads.filter((_, at) => settled[at] === false);
  const scores = new Map<string, number>();
  let unanswered = 0;
  let unsupported = 0;
  for (const some of chunked(open, LEADS_A_QUESTION)) {
    const { judgements } = await judge(some, dna, gateway);
    for (const { id } of some) {
      const judgement = judgements.get(id);
      if (judgement === undefined) unanswered += 1;
      else {
        scores.set(id, totalOf(judgement, weights));
        unsupported += Object.values(judgement).filter(({ score, supported }) => score > UNSUPPORTED_AT_MOST && !supported).length;
      }
    }
  }
  const byAll = leads.map(({ id }) => scores.get(id) ?? 0);

  console.log(`\nOrder of ${leads.length} leads     Spearman   Kendall   best 20 in common`);
  for (const [name, values] of [["rules only", byRules], ["rules and model", byAll]] as const) {
    console.log(`${name.padEnd(24)} ${spearman(worth, values).toFixed(3).padStart(8)}  ${kendall(worth, values).toFixed(3).padStart(8)}   ${percent(topOverlap(worth, values, 20)).padStart(8)}`);
  }
  const wrongly = labelled.filter((lead, at) => settled[at] === true && lead.worth >= 50);
  console.log(`settled by rules: ${settled.filter(Boolean).length}, of them worth 50 or more: ${wrongly.length}; questions: ${Math.ceil(open.length / LEADS_A_QUESTION)}; unanswered: ${unanswered}; parts raised without evidence of the lead's own: ${unsupported} of ${3 * scores.size}`);
  if (!misses) return;
  for (const lead of wrongly) console.log(`  settled wrongly: ${lead.title}`);
  const far = labelled.map((lead, at) => ({ ...lead, score: byAll[at] ?? 0 })).toSorted((a, b) => Math.abs(b.worth - b.score) - Math.abs(a.worth - a.score)).slice(0, 12);
  for (const { worth: wanted, score, title } of far) console.log(`  ${String(score).padStart(3)} where ${String(wanted).padStart(3)} was wanted: ${title}`);
};

/** Of vectors of unit length, as the gateway gives them. */
const cosineOf = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

const messageOf = ({ title, text }: PairPost): string => `${title}\n${text}`;

/** As a hunt knows a find: by its address, then its phone, then its words. */
const isOneJob = ({ a, b }: LabelledPair, cosine: number | null): boolean => {
  const [x, y] = [a, b].map(({ url }) => (url === undefined ? null : canonicalUrl(url)));
  if (x != null && x === y) return true;
  if (a.phone !== undefined && a.phone === b.phone) return true;
  const job = (post: PairPost) => ({ message: messageOf(post), phone: post.phone ?? null, place: post.place ?? null });
  return isSameJob(job(a), job(b), cosine);
};

const reportPairs = async (gateway: GeminiGateway, misses: boolean): Promise<void> => {
  const pairs = loadPairs();
  const { vectors } = await gateway.embed({ model: MODELS.embedding, task: "document", texts: pairs.flatMap(({ a, b }) => [messageOf(a), messageOf(b)]) });
  const cosines = pairs.map((_, at) => cosineOf(vectors[2 * at] ?? [], vectors[2 * at + 1] ?? []));
  console.log(`\nDuplicates, ${pairs.length} pairs      precision   recall`);
  for (const [name, judged] of [["words only", pairs.map((pair) => isOneJob(pair, null))], ["words and vectors", pairs.map((pair, at) => isOneJob(pair, cosines[at] ?? null))]] as const) {
    const right = pairs.filter(({ same }, at) => same && judged[at] === true).length;
    const said = judged.filter(Boolean).length;
    console.log(`${name.padEnd(24)} ${percent(said === 0 ? 1 : right / said).padStart(9)}  ${percent(right / pairs.filter(({ same }) => same).length).padStart(8)}`);
  }
  const kinds = [...new Set(pairs.map(({ kind }) => kind))];
  const wrong = pairs.map((pair, at) => ({ ...pair, cosine: cosines[at] ?? 0, wrong: isOneJob(pair, cosines[at] ?? null) !== pair.same }));
  console.log(`judged rightly by kind: ${kinds.map((kind) => `${kind} ${wrong.filter((pair) => pair.kind === kind && !pair.wrong).length}/${wrong.filter((pair) => pair.kind === kind).length}`).join(", ")}`);
  if (misses) for (const { same, kind, cosine, a, b } of wrong.filter((pair) => pair.wrong)) console.log(`  ${same ? "missed" : "taken for one"} (${kind}, cosine ${cosine.toFixed(2)}): ${a.title} / ${b.title}`);
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { live: { type: "boolean", default: false }, misses: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const key = process.env.GOOGLE_API_KEY;
  if (values.live && key === undefined) throw new Error("--live needs GOOGLE_API_KEY.");
  const sandbox = values.live ? null : await startSandbox({ speed: 0 });
  try {
    const gateway = createGeminiGateway({ apiKey: key ?? "any-key", baseUrl: sandbox?.url ?? "https://generativelanguage.googleapis.com" });
    console.log(`Prompt version ${PROMPT_VERSION}; ${sandbox === null ? `${MODELS.scoring.id}, ${MODELS.embedding.id}` : "the sandbox's stand-ins for model and embeddings"}.`);
    await reportOrder(gateway, values.misses);
    await reportPairs(gateway, values.misses);
  } finally {
    await sandbox?.close();
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
