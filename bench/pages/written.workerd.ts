import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { z } from "zod";
import { reviewed } from "../../agents/pseo/critic/reviewed.ts";
import { traceFacts } from "../../agents/pseo/critic/rules/facts.ts";
import { pageContentSchema, pageMetadataSchema } from "../../agents/pseo/page.schemas.ts";
import { dnaFrom } from "../../agents/pseo/pages.testing.ts";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { PROSE_FAULTS } from "../../sandbox/gemini/prose/faults.ts";
import { makeProject, type TestProject } from "../../test/support/api.ts";
import { standInForProse } from "../../test/support/pages-wire.ts";
import worker from "../../worker/index.ts";
import { anchorsOf, NAME, PLACES, planned, YAML } from "./business.workerd.ts";

/*
 * Fifty pages through the public API, the queue, D1, R2 and the index, with the sandbox's model in place of Gemini: how fast, at how many
 * tokens, and whether every fact of them has its source. Then one page for each thing that a model gets wrong.
 */

const PAGES = 50;
const wire = standInForProse();
const dna = dnaFrom(YAML, NAME);
const storeOf = (project: TestProject) => createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("bench"));

const due = async (project: TestProject, task: string): Promise<void> => {
  await env.DB.prepare("UPDATE runs SET next_due_at = 1 WHERE tenant_id = ? AND status = 'queued' AND task = ?").bind(project.tenant_id, task).run();
  await worker.scheduled(createScheduledController(), env);
};
const openRuns = async (project: TestProject, task: string): Promise<number> =>
  (await env.DB.prepare("SELECT count(*) AS n FROM runs WHERE tenant_id = ? AND task = ? AND status IN ('queued', 'running')").bind(project.tenant_id, task).first<{ n: number }>())?.n ?? 0;

/** Has a task done, parts included. @returns seconds */
const run = async (project: TestProject, task: string, params: object = {}): Promise<number> => {
  const began = performance.now();
  await project.api("POST", "/api/run", { task, project_id: project.id, params });
  await vi.waitUntil(
    async () => {
      if ((await openRuns(project, task)) === 0) return true;
      // Parts come by the queue; the run that waits for them by the sweep.
      if ((await openRuns(project, task)) === 1) await due(project, task);
      return false;
    },
    { timeout: 1_200_000, interval: 100 },
  );
  return (performance.now() - began) / 1000;
};

const pageSchema = z.looseObject({ status: z.string(), content: z.unknown(), review: z.looseObject({ passed: z.boolean(), findings: z.array(z.looseObject({ rule: z.string(), severity: z.string(), message: z.string() })) }).nullable() });
const show = async (project: TestProject, id: string) => pageSchema.parse(await (await project.api("GET", `/api/pages/${id}`)).json());

const factsOf = async (project: TestProject, id: string) => {
  const { keyed } = storeOf(project);
  const [entity] = await keyed.withIds([id]);
  const page = await show(project, id);
  const content = pageContentSchema.parse(page.content);
  return { page, content, facts: traceFacts(reviewed({ metadata: pageMetadataSchema.parse(entity?.metadata) }, content, dna)) };
};

const planIn = async (project: TestProject, serviceIndex: number, place: string): Promise<string> => {
  const { keyed } = storeOf(project);
  const anchors = await keyed.put(anchorsOf(place, project.id));
  const { name, metadata } = planned(serviceIndex, place, anchors.map(({ id }) => id));
  return (await keyed.putOnce({ project_id: project.id, entity_type: "page", dedupe_key: metadata.dedupe_key, name, metadata: { ...metadata } })).id;
};

it("pages", async () => {
  const project = await makeProject(YAML);
  await due(project, "context_sync");
  await vi.waitUntil(async () => (await openRuns(project, "context_sync")) === 0, { timeout: 60_000, interval: 100 });

  const ids: string[] = [];
  for (let n = 0; n < PAGES; n += 1) ids.push(await planIn(project, n, PLACES[Math.floor(n / 5)] ?? ""));
  const writing_s = await run(project, "write_pages");
  const writing = wire.asked.map(({ tokens }) => tokens);
  const reviewing_s = await run(project, "critic_review");
  const reviewing = wire.asked.slice(writing.length).map(({ tokens }) => tokens);

  const kinds: Record<string, { found: number; traced: number }> = {};
  let passed = 0;
  for (const id of ids) {
    const { page, content, facts } = await factsOf(project, id);
    if (page.review?.passed === true) passed += 1;
    for (const { fact, traced } of facts) {
      const kind = (kinds[fact.kind] ??= { found: 0, traced: 0 });
      kind.found += 1;
      if (traced) kind.traced += 1;
    }
    console.log(`PAGE ${JSON.stringify({ title: content.title, h1: content.h1, body_html: content.body_html, status: page.status, findings: page.review?.findings.map(({ rule, message }) => `${rule}: ${message}`) ?? [] })}`);
  }

  const faults = [];
  for (const [n, kind] of PROSE_FAULTS.entries()) {
    // An honest page of another service first, for the one that copies.
    const place = PLACES[20 + n] ?? "";
    wire.faults.length = 0;
    const id = await planIn(project, n, place);
    if (kind === "copies_page") await run(project, "write_pages", { ids: [await planIn(project, n + 1, place)] });
    wire.faults.push(kind);
    await run(project, "write_pages", { ids: [id] });
    await run(project, "critic_review", { ids: [id] });
    const page = await show(project, id);
    faults.push({ kind, refused: page.review?.passed === false, rules: [...new Set(page.review?.findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule))] });
  }
  console.log(`FIGURES ${JSON.stringify({ pages: PAGES, passed, writing_s, reviewing_s, writing, reviewing, kinds, faults })}`);
  expect(faults.filter(({ refused }) => !refused)).toEqual([]);
});
