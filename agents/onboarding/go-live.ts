import type { DnaEditor } from "../../core/dna/editor.ts";
import { patchYaml } from "../../core/dna/patch.ts";
import type { DnaLoader } from "../../core/dna/loader.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { Entity } from "../../core/memory/entities.store.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { leadOf } from "../lead-gen/lead.ts";
import { startCall } from "../lead-gen/start-call.ts";
import { type Check, simulateCalls, type SimulationTools } from "./simulate.ts";
import type { BridgeCallClient } from "../../durable/bridge-call/bridge-call.client.ts";

const log = logger("onboarding");

export interface GoLiveTools extends SimulationTools {
  dna: Pick<DnaLoader, "load">;
  dnaEditor: DnaEditor;
  bridgeCalls: BridgeCallClient;
}

export interface GoLive {
  live: boolean;
  simulation: { passed: boolean; rings: string | null; checks: Check[] };
  /** Leads that had come before and are rung now. */
  rung: number;
}

const PAGE = 50;

/** What came while the project was not live and is not too old to be rung: the newest of each phone, since whoever wrote twice is rung once. */
const waitingOf = async (memory: TenantMemory, projectId: string, since: number): Promise<Entity[]> => {
  const newest = new Map<string, Entity>();
  let cursor: string | undefined;
  do {
    const page = await memory.entities.list({ type: "lead", project_id: projectId, status: "held" }, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    const fresh = page.items.filter(({ created_at }) => created_at >= since);
    for (const lead of fresh) {
      const phone = leadOf(lead).phone ?? lead.id;
      if (!newest.has(phone)) newest.set(phone, lead);
    }
    cursor = fresh.length < page.items.length ? undefined : (page.next_cursor ?? undefined);
  } while (cursor !== undefined);
  return [...newest.values()];
};

/** Rings those who wait. Safe to repeat: an open call is not doubled. */
const ringWaiting = async ({ bridgeCalls, clock, dna }: GoLiveTools, memory: TenantMemory, projectId: string): Promise<number> => {
  const project = await memory.projects.get(projectId);
  const loaded = await dna.load(project);
  const since = clock.now() - loaded.modules.lead_gen.sales_bridge.max_age_minutes * 60_000;
  let rung = 0;
  for (const lead of await waitingOf(memory, projectId, since)) {
    try {
      await startCall({ memory, bridgeCalls }, { project, lead_id: lead.id, dna: loaded });
      rung += 1;
    } catch (error) {
      // The owner has its card; the others are rung all the same.
      log.error("a lead that waited could not be rung", { project_id: projectId, lead_id: lead.id, error: describeError(error) });
    }
  }
  return rung;
};

/** Simulates a lead's call; if it passes, the project is live from then on. One that fails takes nothing off the air. */
export const simulateAndGoLive = async (tools: GoLiveTools, memory: TenantMemory, projectId: string): Promise<GoLive> => {
  const project = await memory.projects.get(projectId);
  const dna = await tools.dna.load(project);
  const simulation = await simulateCalls(tools, { memory, project, dna });
  const wasLive = dna.modules.lead_gen.live;
  if (!simulation.passed || wasLive) return { live: wasLive, simulation, rung: 0 };
  await tools.dnaEditor.edit(memory, projectId, { layer: "generated", text: async (current) => patchYaml(await current(), { modules: { lead_gen: { live: true } } }) });
  const now = await tools.dna.load(await memory.projects.get(projectId));
  // Custom may say that it is to stay off the air.
  const { live } = now.modules.lead_gen;
  return { live, simulation, rung: live ? await ringWaiting(tools, memory, projectId) : 0 };
};
