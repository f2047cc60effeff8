import { describeError } from "../../../core/errors.ts";
import { logger } from "../../../core/log.ts";
import type { Find, FindKeys, FoundLead } from "../../../core/memory/found-leads.store.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import type { Project } from "../../../core/memory/projects.store.ts";
import { likeness, type PlacedText } from "../../../core/memory/similar/similar-texts.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import { isoOrNull } from "../../../core/clock.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import type { AgentTools } from "../../tools.ts";
import { canonicalUrl } from "./canonical-url.ts";
import type { Listing } from "./listing.ts";
import { isSameJob } from "./same-job.ts";

const log = logger("hunt");

export type KeepTools = Pick<AgentTools, "similarOf"> & { memory: TenantMemory };

export interface Finds {
  project: Pick<Project, "id">;
  dna: Dna;
  listings: readonly Listing[];
  /** The run that found them; on the lead it says which hunt brought it. */
  run_id: string;
}

export interface KeptFinds {
  /** Ids of new leads, and of leads that something was found of again; each once. */
  created: string[];
  joined: string[];
  /** What is not kept, and why: `erased`, its person is not to be known here any more. */
  dropped: { url: string | null; reason: string }[];
}

/** What the index may not show yet is among these. */
const RECENT = 60;
const NEIGHBOURS = 8;

/** What is compared: the title, unless the text begins with it, and the text. */
const messageOf = ({ title, description }: Listing): string => (description.startsWith(title) ? description : `${title}\n${description}`).trim();

const keysOf = (listing: Listing): FindKeys => {
  const address = listing.url === null ? null : canonicalUrl(listing.url);
  const words = (messageOf(listing).normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
  const { phone, location } = listing;
  return { url: address === null ? null : sha256Hex(address), words: sha256Hex(JSON.stringify([words, phone, location?.trim().toLowerCase() ?? null])) };
};

const findOf = (listing: Listing, { project, run_id }: Pick<Finds, "project" | "run_id">): Find => ({
  project_id: project.id,
  name: listing.title,
  phone: listing.phone,
  url: listing.url,
  platform: listing.platform,
  message: messageOf(listing),
  keys: keysOf(listing),
  metadata: {
    title: listing.title,
    place: listing.location,
    posted_urgency: listing.urgency,
    posted_at: isoOrNull(listing.posted_at),
    extraction: listing.extraction,
    found_by: run_id,
  },
});

/** A lead to compare with; `placed` where its vector is at hand. */
type Candidate = FoundLead & { placed?: PlacedText };

/**
 * Saves what a hunt has found. A find is known by its canonical address, then by its phone, then by saying nearly the same as
 * a lead of the last 90 days; then it joins that lead, on whichever platform and in whichever run it was found. Each find is
 * saved on its own, in one batch: a run that dies is repeated, and what was saved is joined.
 * @throws AppError of the store. Vectors that cannot be had are no reason to lose a find: words are compared all the same.
 */
export const keepListings = async ({ memory, similarOf }: KeepTools, finds: Finds): Promise<KeptFinds> => {
  const { project, listings } = finds;
  const store = memory.foundLeads;
  const [created, joined, dropped] = [new Set<string>(), new Set<string>(), [] as KeptFinds["dropped"]];
  const join = async (leadId: string, find: Find): Promise<void> => {
    await store.join(leadId, find);
    if (!created.has(leadId)) joined.add(leadId);
  };

  const unknown: Find[] = [];
  for (const listing of listings) {
    const find = findOf(listing, finds);
    const known = await store.known(project.id, find.keys, find.phone);
    if (known === null) unknown.push(find);
    else if (known.outcome === "erased") dropped.push({ url: find.url, reason: "erased" });
    else await join(known.lead_id, find);
  }

  const vectors = await vectorsOf({ memory, similarOf }, project.id, unknown);
  const recent: Candidate[] = unknown.length === 0 ? [] : await store.recent(project.id, RECENT);
  for (const [at, find] of unknown.entries()) {
    const { placed, near } = vectors[at] ?? { placed: null, near: [] };
    const twin = twinOf(find, placed, [...recent, ...near]);
    if (twin !== null) {
      await join(twin, find);
      continue;
    }
    const kept = await store.create(find);
    if (kept.outcome === "erased") dropped.push({ url: find.url, reason: "erased" });
    else if (kept.outcome === "known") await join(kept.lead_id, find);
    else {
      created.add(kept.lead_id);
      recent.unshift({ id: kept.lead_id, message: find.message, phone: find.phone, place: placeOf(find), ...(placed === null ? {} : { placed }) });
    }
  }
  await remember({ memory, similarOf }, project.id, { placed: recent.flatMap(({ id, placed }) => (placed === undefined ? [] : [{ ...placed, id }])), others: [...created, ...joined] });
  return { created: [...created], joined: [...joined], dropped };
};

const placeOf = (find: Find): string | null => (typeof find.metadata.place === "string" ? find.metadata.place : null);

const twinOf = (find: Find, placed: PlacedText | null, candidates: readonly (Candidate & { score?: number })[]): string | null => {
  const job = { message: find.message, phone: find.phone, place: placeOf(find) };
  const scoreOf = (one: Candidate & { score?: number }): number | null => one.score ?? (placed !== null && one.placed ? likeness(placed, one.placed) : null);
  return candidates.find((one) => isSameJob(job, one, scoreOf(one)))?.id ?? null;
};

interface Compared {
  placed: PlacedText | null;
  near: (Candidate & { score: number })[];
}

/** Each find's place among the texts of the project, and the leads nearest to it. */
const vectorsOf = async ({ memory, similarOf }: KeepTools, projectId: string, finds: readonly Find[]): Promise<Compared[]> => {
  if (finds.length === 0) return [];
  const similar = similarOf(memory);
  try {
    const placed = await similar.place("leads", projectId, finds.map((find) => ({ id: `find:${find.keys.words}`, text: find.message })));
    const near = await similar.nearest("leads", projectId, placed, { limit: NEIGHBOURS });
    const leads = new Map((await memory.foundLeads.among(projectId, near.flat().map(({ id }) => id))).map((lead) => [lead.id, lead]));
    return placed.map((one, at) => ({
      placed: one,
      near: (near[at] ?? []).flatMap(({ id, score }) => {
        const lead = leads.get(id);
        return lead === undefined ? [] : [{ ...lead, score }];
      }),
    }));
  } catch (error) {
    log.warn("finds are compared by their words only", { project_id: projectId, tenant_id: memory.tenantId, error: describeError(error) });
    return finds.map(() => ({ placed: null, near: [] }));
  }
};

/** Puts the leads' words where later finds are compared with them. What fails here is made good when the lead is seen again. */
const remember = async ({ memory, similarOf }: KeepTools, projectId: string, { placed, others }: { placed: PlacedText[]; others: string[] }): Promise<void> => {
  const similar = similarOf(memory);
  const stillThere = async (ids: string[]) => memory.foundLeads.among(projectId, ids);
  try {
    const known = new Map(placed.map((one) => [one.id, one]));
    const leads = await stillThere(others);
    // One that more words were added to meanwhile has another place.
    const isPlaced = ({ id, message }: FoundLead): boolean => known.get(id)?.text === message;
    const anew = await similar.place("leads", projectId, leads.filter((lead) => !isPlaced(lead)).map(({ id, message }) => ({ id, text: message })));
    const all = [...leads.flatMap((lead) => (isPlaced(lead) ? (known.get(lead.id) ?? []) : [])), ...anew];
    await similar.put("leads", projectId, all);
    // A person who was erased in between leaves nothing behind.
    const left = new Set((await stillThere(all.map(({ id }) => id))).map(({ id }) => id));
    await similar.remove(all.flatMap(({ id }) => (left.has(id) ? [] : [id])));
  } catch (error) {
    log.warn("leads not put where they are compared", { project_id: projectId, tenant_id: memory.tenantId, error: describeError(error) });
  }
};
