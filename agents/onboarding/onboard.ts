import { z } from "zod";
import { notFound } from "../../core/errors.ts";
import type { SystemContext } from "../../core/kernel/agent.ts";
import type { Change } from "../../core/dna/diff.ts";
import type { Dna } from "../../core/dna/schema.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { AgentTools } from "../tools.ts";
import { checklistOf, type ChecklistItem } from "./checklist.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { NO_FACTS } from "./facts.ts";
import { draftLayer, type Field } from "./generated.ts";
import { type GoLive, simulateAndGoLive } from "./go-live.ts";
import type { Business } from "./onboarding.schemas.ts";
import { storePassages } from "./passages.ts";
import { questionsOf } from "./questions.ts";
import { readSite, type SiteReading, type Watch } from "./read-site.ts";
import { registerProject } from "./register.ts";
import { propose } from "./rescan.ts";

type Context = SystemContext<AgentTools>;

/** What a reading has found, for the run's result. */
interface Found {
  fields: Field[];
  left_to_vertical: string[];
  questions: string[];
  pages: { url: string; title: string }[];
  problems: { url: string; problem: string }[];
  dropped: number;
}

export interface Onboarded extends Found {
  status: "onboarded";
  project_id: string;
  dna_version: string;
  live: boolean;
  simulation: GoLive["simulation"];
  waiting_leads_rung: number;
  /** Of the pages, in the brand brain. */
  passages: number;
  checklist: ChecklistItem[];
}

export interface Proposed extends Found {
  status: "proposed";
  project_id: string;
  /** What `accept` is told; null when there is nothing to accept. */
  proposal: string | null;
  changes: Change[];
}

const STEPS = 7;

/** Steps as people follow them: how many are done, and what is being done. */
const stepper = ({ report }: Context) => {
  let done = 0;
  const watch: Watch = async (label) => report({ done, total: STEPS, label });
  return { watch, next: async (label: string) => watch(label).then(() => void (done += 1)), end: async (label: string) => report({ done: STEPS, total: STEPS, label }) };
};

const foundIn = (reading: SiteReading, business: Business, vertical: string | null, { fields, left_to_vertical }: Pick<Found, "fields" | "left_to_vertical">): Found => ({
  fields,
  left_to_vertical,
  questions: questionsOf({ ...reading, business, vertical }),
  pages: reading.pages.map(({ url, title }) => ({ url, title })),
  problems: reading.problems,
  dropped: reading.dropped,
});

const siteOf = ({ business_name: name, niche, country, website, map_listing_url }: Business) => ({ website, map_listing_url, country, business: { name, niche } });

const readingTools = ({ tools, memory, projectId, runId }: Context) => ({ fetch: tools.egress.fetch, render: tools.renderPage, clock: tools.clock, gateway: tools.gatewayOf(memory, projectId, runId) });

/** The trade's services: those of a DNA that says only which trade it is. */
const tradeOf = async ({ tools }: Context, project: Project, given: string): Promise<Dna["services"]> => (await tools.dna.preview({ ...project, dna_custom: null }, "generated", given)).services;

const originSchema = z.object({
  /** Whether this run writes the first generated layer; else it only proposes. */
  first: z.boolean(),
  /** Whether the project starts on the air, because it was in use before. */
  live: z.boolean(),
});

/** Registers, reads, writes, simulates. A project that has a generated layer already is only read again. @throws AppError 409 for another's project_id */
export const onboard = async (context: Context, business: Business): Promise<Onboarded | Proposed> => {
  const { memory, tools, runId, attempt, projectId } = context;
  if (projectId === null) throw notFound("project");
  const checkpoints = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const { watch, next, end } = stepper(context);

  await next("Registering the project and its webhook keys");
  const origin = await checkpoints.step("origin", originSchema, async () => {
    const before = await memory.projects.find(projectId);
    return { first: (before?.dna_generated ?? null) === null, live: (before?.dna_custom ?? null) !== null };
  });
  const registered = await registerProject({ memory, vault: tools.vault }, projectId, business);
  if (!origin.first) return rescan(context, business);
  const given = draftLayer({ business, facts: NO_FACTS, trade: [], live: origin.live }).yaml;
  // From here on a lead has somebody who is told of it, whatever becomes of the rest.
  await checkpoints.step("given", z.string(), async () => (await tools.dnaEditor.edit(memory, projectId, { layer: "generated", text: () => given })).version);

  await next("Reading the website");
  const reading = await readSite(readingTools(context), checkpoints, siteOf(business), { attempt, watch });

  await next("Writing the DNA");
  const draft = draftLayer({ business, facts: reading.facts, trade: await tradeOf(context, registered, given), live: origin.live });
  await next("Checking and saving the DNA");
  const version = await checkpoints.step("written", z.string(), async () => (await tools.dnaEditor.edit(memory, projectId, { layer: "generated", text: () => draft.yaml })).version);

  await next("Simulating a lead's call");
  const { live, simulation, rung } = await simulateAndGoLive(tools, memory, projectId);

  await next("Storing what the pages say");
  const passages = await storePassages(tools.contextOf(memory), { project_id: projectId, run_id: runId, pages: reading.pages });

  const project = await memory.projects.get(projectId);
  const { vertical } = await tools.dna.resolve(project);
  await checkpoints.clear();
  await end(live ? "Live: the first lead rings" : "Not live yet: see the simulation");
  return {
    status: "onboarded",
    project_id: projectId,
    dna_version: project.dna_generated ?? version,
    live,
    simulation,
    waiting_leads_rung: rung,
    passages,
    ...foundIn(reading, business, vertical, draft),
    checklist: checklistOf(tools.publicUrl, projectId),
  };
};

/** Reads the site again and says what would change. Writes nothing that is in force. */
export const rescan = async (context: Context, business: Business): Promise<Proposed> => {
  const { memory, tools, runId, attempt, projectId } = context;
  const project = await memory.projects.get(projectId ?? "");
  const checkpoints = createCheckpoints(tools.storage, { tenant_id: memory.tenantId, run_id: runId });
  const { watch, end } = stepper(context);
  const reading = await readSite(readingTools(context), checkpoints, siteOf(business), { attempt, watch });
  const { vertical } = await tools.dna.resolve(project);
  const { live } = (await tools.dna.load({ ...project, dna_custom: null })).modules.lead_gen;
  const given = draftLayer({ business, facts: NO_FACTS, trade: [], live }).yaml;
  const draft = draftLayer({ business, facts: reading.facts, trade: await tradeOf(context, project, given), live });
  const changes = await propose({ bucket: tools.storage, dna: tools.dna }, project, runId, draft.yaml);
  await checkpoints.clear();
  await end(changes.length === 0 ? "Nothing has changed" : `${changes.length} changes are proposed`);
  return { status: "proposed", project_id: project.id, proposal: changes.length === 0 ? null : runId, changes, ...foundIn(reading, business, vertical, draft) };
};
