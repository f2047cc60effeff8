import type { Dna } from "../../core/dna/schema.ts";
import { bundledProfiles } from "../../core/dna/profiles.ts";
import { createComposer, requireValid } from "../../core/dna/compose.ts";
import type { PageContent, PageMetadata, Source } from "./page.schemas.ts";
import type { Draft } from "./writer/draft.schemas.ts";
import { jsonLdFor } from "./writer/json-ld.ts";
import { renderDraft } from "./writer/render.ts";

/** A page of the plan about blocked drains in Ponsonby, unless said otherwise. */
export const pageMetadata = (more: Partial<PageMetadata> = {}): PageMetadata => ({
  status: "planned",
  dedupe_key: "page:blocked-drains/ponsonby/service",
  service: { name: "Blocked drains", slug: "blocked-drains" },
  place: { name: "Ponsonby", slug: "ponsonby", city: "Auckland", lat: -36.85, lon: 174.74 },
  intent: "service",
  primary_keyword: "blocked drains Ponsonby",
  secondary_keywords: [],
  evidence: [],
  demand: { volume: null, competition: null, source: "estimated" },
  expected_value: 1,
  path: "/blocked-drains/ponsonby",
  content: null,
  review: null,
  drafts: 0,
  ...more,
});

export const DNA = `
identity:
  niche: plumber
  language: en-NZ
  website: https://harbour.example
  contact: {phone: "+6493601234", email: help@harbour.example, address: "12 Quay Street, Auckland"}
  opening_hours: {mon: ["08:00-17:30"], sat: ["22:00-06:00"]}
brand_brain:
  voice_tone: calm and practical
  key_differentiators: ["A plumber answers the phone at any hour."]
  insider_tips: ["In Ponsonby many drains are old clay pipes, and roots find their joints.", "A drain that gurgles is half blocked."]
  forbidden_topics: ["fixed prices for work that nobody has seen", "asbestos", "blaming an earlier tradesperson, or speaking ill of competitors"]
services:
  - {name: Blocked drains, slug: blocked-drains, price_from: 180, emergency: true, primary_keywords: [blocked drain], context_keywords: [gully trap, drain camera]}
modules:
  local_seo:
    pages: {min_words: 100}
    scout_settings: {geo_scope: {cities: [Auckland], suburbs: [Ponsonby, Grey Lynn]}}
`;

/** A DNA as a project's custom layer makes it. */
export const dnaFrom = (yaml: string = DNA, name = "Harbour Plumbing"): Dna => requireValid(createComposer(bundledProfiles).compose({ project: { id: "harbour", name, country: "NZ" }, generated: "", custom: yaml }), "custom").dna;

export const SOURCES: Source[] = [
  { ref: "s1", kind: "dna", id: "identity.business_name", text: "The business is called Harbour Plumbing." },
  { ref: "s2", kind: "dna", id: "identity.contact.phone", text: "Its phone number for customers is 09 360 1234 (+64 9 360 1234)." },
  { ref: "s3", kind: "dna", id: "services[blocked-drains].price_from", text: "The price of Blocked drains begins from 180 NZD." },
  { ref: "s4", kind: "anchor", id: "ent_hospital", text: "Auckland City Hospital is a hospital 1.9 km from the centre of Ponsonby, as the crow flies." },
  { ref: "s5", kind: "dna", id: "brand_brain.insider_tips", text: "In Ponsonby many drains are old clay pipes, and roots find their joints." },
  { ref: "s6", kind: "dna", id: "brand_brain.key_differentiators", text: "A plumber answers the phone at any hour." },
];

/** A draft with which nothing is wrong. */
export const honestDraft = (): Draft => ({
  title: "Blocked drains in Ponsonby: what helps at once",
  meta_description: "What to do when a drain in Ponsonby is blocked, what it costs to have it cleared, and how to reach a plumber who comes to you.",
  h1: "Blocked drains in Ponsonby and what to do first",
  intro: [
    { text: "Blocked drains in Ponsonby rarely clear by themselves.", sources: [] },
    { text: "Many drains here are old clay pipes, and roots find their joints", sources: ["s5"] },
  ],
  sections: [
    { heading: "What to do first", layout: "steps", sentences: [{ text: "Stop using water until it is cleared.", sources: [] }, { text: "Note which drain was slow before the others.", sources: [] }, { text: "Leave the covers closed and keep children away from the yard.", sources: [] }, { text: "Tell whoever else lives there what not to use for now.", sources: [] }] },
    { heading: "Where you are", layout: "paragraph", sentences: [{ text: "If you live near Auckland City Hospital, 1.9 km from the centre of Ponsonby, say so when you ring.", sources: ["s4"] }] },
    { heading: "How to reach us", layout: "list", sentences: [{ text: "Ring Harbour Plumbing on 09 360 1234.", sources: ["s1", "s2"] }, { text: "Clearing a drain begins from 180 NZD.", sources: ["s3"] }] },
  ],
  faq: [{ question: "Does somebody answer at night?", answer: [{ text: "A plumber answers the phone at any hour.", sources: ["s6"] }] }],
});

export const contentOf = (draft: Draft, { dna = dnaFrom(), sources = SOURCES, metadata = pageMetadata() }: { dna?: Dna; sources?: Source[]; metadata?: PageMetadata } = {}): PageContent => {
  const rendered = renderDraft(draft, { sources, phone: dna.identity.contact?.phone, country: dna.identity.country });
  return { ...rendered, json_ld: jsonLdFor({ metadata, content: rendered, hub: null }, dna), sources };
};
