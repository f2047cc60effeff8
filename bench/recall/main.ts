import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { stopWithUs } from "../../scripts/lib/shutdown.ts";
import { startHouse, STATE_DIR } from "../lib/house.ts";
import { startStandIn } from "../lib/stand-in.ts";
import { type Account, api, signUp } from "../lib/tenants.ts";
import { type Business, customDna, loadBusinesses, recallOf } from "./questions.ts";

const USAGE = `npm run bench:recall -- [--misses]

  How often the brand brain finds what answers a customer's question (bench/recall/questions.yaml), over the public API: DNA,
  sync, Vectorize's stand-in, search. The embeddings are the sandbox's, made of words and their parts, so the figure is of the
  pipeline with a stand-in; a real model understands synonyms.

  --misses  list the questions whose passage was not among the first five`;

const K = 5;
const FOLLOWED_WITHIN_MS = 120_000;

const runsSchema = z.object({ items: z.array(z.object({ project_id: z.string().nullable(), status: z.string() })) });
const hitsSchema = z.object({ items: z.array(z.object({ text: z.string(), score: z.number() })) });

interface Answered {
  question: string;
  recall: number;
  /** 1 / place of the first right passage; 0 when there is none. */
  reciprocalRank: number;
}

/** @throws Error when the runs that follow the DNA are not done in time */
const untilFollowed = async (account: Account, projects: readonly string[]): Promise<void> => {
  const deadline = Date.now() + FOLLOWED_WITHIN_MS;
  while (Date.now() < deadline) {
    const { items } = runsSchema.parse(await api(account, "GET", "/api/runs?task=context_sync&status=succeeded&limit=200"));
    if (projects.every((project) => items.some((run) => run.project_id === project))) return;
    await sleep(500);
  }
  throw new Error("The brand brain has not followed the DNA in time.");
};

const ask = async (account: Account, project: string, { questions }: Business): Promise<Answered[]> => {
  const answered: Answered[] = [];
  for (const { q, expect } of questions) {
    const { items } = hitsSchema.parse(await api(account, "GET", `/api/projects/${project}/context?limit=${K}&q=${encodeURIComponent(q)}`));
    const found = items.map(({ text }) => text);
    const place = found.findIndex((text) => recallOf(expect, [text]) > 0);
    answered.push({ question: q, recall: recallOf(expect, found), reciprocalRank: place === -1 ? 0 : 1 / (place + 1) });
  }
  return answered;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const lineOf = (name: string, answered: readonly Answered[]): string =>
  `${name.padEnd(24)} ${String(answered.length).padStart(4)}      ${mean(answered.map(({ recall }) => recall)).toFixed(3)}   ${mean(answered.map(({ reciprocalRank }) => reciprocalRank)).toFixed(3)}`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { misses: { type: "boolean", default: false }, help: { type: "boolean", default: false } } });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  rmSync(path.join(STATE_DIR, "recall"), { recursive: true, force: true });
  const shutdown = stopWithUs();
  const { sandbox } = await startStandIn();
  shutdown.stopFirst(() => sandbox.close());
  const worker = await startHouse({ kind: "product", stateDir: path.join(STATE_DIR, "recall"), sandbox, callsPerSecond: 1, cron: true });
  shutdown.stopFirst(() => worker.stop());

  const account = await signUp(worker.url);
  const businesses = loadBusinesses().map((business) => ({ business, project: `recall-${business.niche}` }));
  for (const { business, project } of businesses) {
    await api(account, "POST", "/api/projects", { json: { project_id: project, name: business.business, country: "NZ" } });
    await api(account, "PUT", `/api/projects/${project}/dna/custom`, { yaml: customDna(business) });
  }
  await untilFollowed(account, businesses.map(({ project }) => project));

  console.log("Of the pipeline with the sandbox's stand-in embedding (hashed words), not of a real model.\n");
  console.log(`${"business".padEnd(24)} questions  recall@${K}  MRR@${K}`);
  const all: Answered[] = [];
  for (const { business, project } of businesses) {
    const answered = await ask(account, project, business);
    console.log(lineOf(business.business, answered));
    all.push(...answered);
  }
  console.log(lineOf("all", all));
  if (values.misses) for (const { question } of all.filter(({ recall }) => recall < 1)) console.log(`  missed: ${question}`);
  await worker.stop();
  await sandbox.close();
};

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
