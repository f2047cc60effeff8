import { z } from "zod";
import { type Change, diffLayers } from "../../core/dna/diff.ts";
import { readDocument } from "../../core/dna/document.ts";
import type { DnaEditor } from "../../core/dna/editor.ts";
import type { DnaLoader } from "../../core/dna/loader.ts";
import { AppError, conflict, invalid } from "../../core/errors.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import { belongsTo, folderOf } from "../../core/memory/tenant-storage.ts";
import type { CheckpointBucket } from "./checkpoints.ts";
import type { Business } from "./onboarding.schemas.ts";

const proposalSchema = z.object({ project_id: z.string(), base: z.string().nullable(), yaml: z.string() });
type Proposal = z.infer<typeof proposalSchema>;

const keyOf = (tenantId: string, projectId: string, runId: string): string => `${folderOf(tenantId, "profiles", projectId, "proposals")}${runId}.json`;

/** Keeps what a re-scan would write, and says how it differs from what is in force. Nothing changes. */
export const propose = async ({ bucket, dna }: { bucket: CheckpointBucket; dna: Pick<DnaLoader, "readLayer" | "preview"> }, project: Project, runId: string, yaml: string): Promise<Change[]> => {
  // What could not be written is not proposed either.
  await dna.preview(project, "generated", yaml);
  const proposal: Proposal = { project_id: project.id, base: project.dna_generated, yaml };
  await bucket.put(keyOf(project.tenant_id, project.id, runId), JSON.stringify(proposal), { httpMetadata: { contentType: "application/json" } });
  return diffLayers(readDocument(await dna.readLayer(project, "generated")).value, readDocument(yaml).value);
};

/**
 * Puts a proposal in force.
 * @throws AppError 422 for a run that proposed nothing for this project, 409 when the layer has changed since
 */
export const acceptProposal = async ({ bucket, dna, dnaEditor }: { bucket: CheckpointBucket; dna: Pick<DnaLoader, "readLayer">; dnaEditor: DnaEditor }, memory: TenantMemory, project: Project, runId: string): Promise<string> => {
  const unknown = invalid([{ path: "params.proposal", message: "must be the id of a run of this project that proposed something" }]);
  if (!/^[A-Za-z0-9_]{1,80}$/.test(runId)) throw unknown;
  const key = keyOf(memory.tenantId, project.id, runId);
  if (!belongsTo(memory.tenantId, key)) throw unknown;
  const kept = await bucket.get(key);
  const proposal = kept === null ? undefined : proposalSchema.safeParse(await kept.json()).data;
  if (proposal?.project_id !== project.id) throw unknown;
  const { yaml, base } = proposal;
  // An earlier attempt of ours may have written it and died.
  if (project.dna_generated !== null && (await dna.readLayer(project, "generated")) === yaml) return project.dna_generated;
  const { version } = await dnaEditor.edit(memory, project.id, {
    layer: "generated",
    text: () => yaml,
    check: ({ dna_generated }) => {
      if (dna_generated !== base) throw conflict("proposal_stale", "The generated layer has changed since. Scan again.");
    },
  });
  await bucket.delete(key);
  return version;
};

/** A generated layer's own words about the business, for a scan that was given none. */
const knownSchema = z.object({
  identity: z.object({ business_name: z.string(), niche: z.string(), country: z.string(), website: z.string().optional() }),
  modules: z.object({ lead_gen: z.object({ sales_bridge: z.object({ destination_phone: z.string() }) }) }),
});

/** @throws AppError 422 for a project that onboarding has not made */
export const givenOf = (yaml: string): Omit<Business, "email" | "map_listing_url"> => {
  const known = knownSchema.safeParse(readDocument(yaml).value);
  if (!known.success) throw new AppError({ code: "not_onboarded", status: 422, message: "This project has no generated DNA yet: run the task without an action first." });
  const { identity, modules } = known.data;
  const { business_name, niche, country, website } = identity;
  return { business_name, niche, country, website, phone: modules.lead_gen.sales_bridge.destination_phone };
};
