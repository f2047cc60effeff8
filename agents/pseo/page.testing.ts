import type { TenantMemory } from "../../core/memory/memory.ts";
import type { PageContent, PageMetadata } from "./page.schemas.ts";

const slugOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

/** Metadata of a page of a plumber, as far as stages need them. */
export const pageMetadata = (service: string, place: string | null, given: Partial<PageMetadata> = {}): PageMetadata => {
  const slug = service === "All" ? "hub" : slugOf(service);
  const path = place === null ? (slug === "hub" ? "/" : `/${slug}`) : `/${slug}/${slugOf(place)}`;
  return {
    status: "passed",
    dedupe_key: `page:${slug}/${place === null ? "-" : slugOf(place)}/service`,
    service: { name: service, slug },
    place: place === null ? null : { name: place, slug: slugOf(place), city: "Auckland", lat: -36.85, lon: 174.74 },
    intent: place === null ? "hub" : "service",
    primary_keyword: `${service} ${place ?? ""}`.trim().toLowerCase(),
    secondary_keywords: [], evidence: [],
    demand: { volume: null, competition: null, source: "estimated" },
    expected_value: 1,
    path,
    content: { version: "0".repeat(32), sha256: "0".repeat(64), words: 500, written_at: 1 },
    review: null,
    drafts: 1,
    ...given,
  };
};

/** @returns the page's id */
export const putPage = async (store: TenantMemory, projectId: string, metadata: PageMetadata): Promise<string> => {
  const [put] = await store.keyed.put([{ project_id: projectId, entity_type: "page", dedupe_key: metadata.dedupe_key, name: metadata.primary_keyword, metadata }]);
  return put?.id ?? "";
};

export const pageContent = (given: Partial<PageContent> = {}): PageContent => ({
  title: "Blocked drains in Ponsonby | Harbour Plumbing",
  meta_description: "A blocked drain in Ponsonby cleared the same day, by people who know its old clay pipes.",
  h1: "Blocked drains in Ponsonby",
  body_html: `<p>Old clay pipes run under <span data-source="s1">Ponsonby</span>.</p><h2>What to do first</h2><p>Stop using water.</p><h2>What we do</h2><p>We look with a camera, then clear it.</p>`,
  faq: [{ question: "How soon can you come?", answer: "Mostly the same day.", source: "s2" }],
  json_ld: [{ "@context": "https://schema.org", "@type": "Plumber", name: "Harbour Plumbing", areaServed: "Ponsonby" }],
  sources: [{ ref: "s1", kind: "dna", id: "services.0", text: "Drains" }],
  ...given,
});
