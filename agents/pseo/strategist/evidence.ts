import type { Dna } from "../../../core/dna/schema.ts";
import type { BrandContext } from "../../../core/memory/context/context.types.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { slugOf } from "../../../core/slug.ts";
import type { PageMetadata } from "../page.schemas.ts";
import { anchorRecordSchema, isUsableAnchor, isUsablePlace, placeRecordSchema } from "../place.schemas.ts";
import { isAbout, namesPlace } from "./keywords.ts";

export type Evidence = PageMetadata["evidence"][number];

export interface PlannedService {
  name: string;
  slug: string;
  keywords: string[];
  emergency: boolean;
  price: boolean;
  /** What is known that is about it. */
  evidence: Evidence[];
}

export interface NearAnchor {
  id: string;
  name: string;
  kind: string;
  distance_km: number;
}

export interface PlannedPlace {
  name: string;
  slug: string;
  city: string | null;
  lat: number | null;
  lon: number | null;
  anchors: NearAnchor[];
  /** What is known that names it, its anchors apart. */
  evidence: Evidence[];
}

const HITS = 20;
const MOST_OF_A_KIND = 8;

const once = (all: readonly Evidence[]): Evidence[] => [...new Map(all.map((one) => [`${one.kind} ${one.id}`, one])).values()];

/** Lists of the brand brain, whose texts are facts of the business. What a passage of them is in the index has its own id. */
const brainTexts = ({ brand_brain }: Dna): { id: string; text: string }[] => [
  ...brand_brain.key_differentiators.map((text) => ({ id: "brand_brain.key_differentiators", text })),
  ...brand_brain.insider_tips.map((text) => ({ id: "brand_brain.insider_tips", text })),
];

/** Passages near in meaning that also pass a rule of words: nearness alone always finds something. */
const passagesWhere = async (context: Pick<BrandContext, "query">, projectId: string, asked: string, holds: (text: string) => boolean): Promise<Evidence[]> => {
  const hits = await context.query(asked, { project_id: projectId, types: ["insider_tip", "differentiator", "objection", "site", "question_answer"], limit: HITS });
  return hits.filter(({ text }) => holds(text)).slice(0, MOST_OF_A_KIND).map(({ id, type }): Evidence => ({ kind: type === "question_answer" ? "question" : "passage", id }));
};

export interface EvidenceTools {
  context: Pick<BrandContext, "query">;
  memory: Pick<TenantMemory, "keyed">;
}

/** The services of the DNA, each once, with what is known about them. @throws those of the model gateway */
export const gatherServices = async ({ context }: EvidenceTools, projectId: string, dna: Dna, wanted: readonly string[] | undefined): Promise<PlannedService[]> => {
  const services: PlannedService[] = [];
  const slugs = new Set<string>();
  for (const { name, slug: given, primary_keywords = [], context_keywords = [], emergency, price_from } of dna.services) {
    const slug = given ?? slugOf(name);
    if (slug === "" || slugs.has(slug) || (wanted !== undefined && !wanted.some((word) => slugOf(word) === slug || slugOf(word) === slugOf(name)))) continue;
    slugs.add(slug);
    const matter = { name, keywords: [...primary_keywords, ...context_keywords] };
    const evidence = once([
      ...(await passagesWhere(context, projectId, [name, ...primary_keywords].join(", "), (text) => isAbout(text, matter))),
      ...brainTexts(dna).filter(({ text }) => isAbout(text, matter)).map(({ id }): Evidence => ({ kind: "dna", id })),
      ...(price_from === undefined ? [] : [{ kind: "dna" as const, id: `services[${slug}].price_from` }]),
      ...(emergency === true ? [{ kind: "dna" as const, id: `services[${slug}].emergency` }] : []),
    ]);
    services.push({ name, slug, keywords: primary_keywords.length > 0 ? primary_keywords : [name.toLowerCase()], emergency: emergency === true, price: price_from !== undefined, evidence });
  }
  return services;
};

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

/** Places that the scout has found, and a person has not rejected, with what is known about them. @throws those of the model gateway */
export const gatherPlaces = async ({ context, memory }: EvidenceTools, projectId: string, dna: Dna, isWanted: (place: { id: string; name: string; slug: string }) => boolean): Promise<PlannedPlace[]> => {
  const places: PlannedPlace[] = [];
  for await (const rows of memory.keyed.each(projectId, "place")) {
    for (const { id, name, metadata } of rows) {
      const record = placeRecordSchema.safeParse(metadata).data;
      if (record === undefined || !isUsablePlace(record) || !isWanted({ id, name, slug: record.slug })) continue;
      const ids = isStrings(metadata.anchor_ids) ? metadata.anchor_ids : [];
      const anchors = (await memory.keyed.withIds(ids)).flatMap(({ id: anchorId, name: called, project_id, metadata: raw }): NearAnchor[] => {
        const anchor = anchorRecordSchema.safeParse(raw).data;
        return anchor !== undefined && isUsableAnchor(anchor) && project_id === projectId ? [{ id: anchorId, name: called, kind: anchor.kind, distance_km: anchor.distance_km }] : [];
      });
      const { address } = dna.identity.contact ?? {};
      const evidence = once([
        ...(await passagesWhere(context, projectId, name, (text) => namesPlace(text, name))),
        ...brainTexts(dna).filter(({ text }) => namesPlace(text, name)).map(({ id: path }): Evidence => ({ kind: "dna", id: path })),
        ...(address !== undefined && namesPlace(address, name) ? [{ kind: "dna" as const, id: "identity.contact.address" }] : []),
      ]);
      places.push({ name, slug: record.slug, city: record.city, lat: record.lat, lon: record.lon, anchors: anchors.toSorted((a, b) => a.distance_km - b.distance_km || (a.id < b.id ? -1 : 1)), evidence });
    }
  }
  return places.toSorted((a, b) => (a.slug < b.slug ? -1 : 1));
};
