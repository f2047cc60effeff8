import type { PageMetadata } from "../../agents/pseo/page.schemas.ts";
import { pageMetadata } from "../../agents/pseo/pages.testing.ts";

/** A plumber of five services in many suburbs, of whom enough is known to write about each of them in each. */

export const NAME = "Acme Plumbing";

const SERVICES = [
  ["Blocked drains", "blocked-drains", "blocked drain"],
  ["Hot water repair", "hot-water-repair", "hot water repair"],
  ["Leak detection", "leak-detection", "leak detection"],
  ["Gas fitting", "gas-fitting", "gas fitting"],
  ["Taps and toilets", "taps-toilets", "tap repair"],
] as const;

const FIRST = ["Kauri", "Rata", "Totara", "Rimu", "Matai", "Puriri", "Kowhai", "Nikau", "Titoki", "Karaka"];
const SECOND = ["Bay", "Heights", "Valley", "Point", "Downs", "Park", "Beach", "Hill", "Creek", "Gardens"];
/** Invented suburbs, so that nothing that is known of real ones gets in. */
export const PLACES: readonly string[] = SECOND.flatMap((second) => FIRST.map((first) => `${first} ${second}`));

const TIPS = [
  "Roots find old clay pipes through their joints, and clearing them helps for months.",
  "A drain that gurgles when another one empties shares a vent with it.",
  "Fat sets hard in a cold pipe, so wipe the pan before you wash it.",
  "When every drain in the house is slow, the blockage is in the main line.",
  "A relief valve that never stops dripping can be a failed thermostat.",
  "Hot water that turns cold after a minute points to a worn dip tube.",
  "A cylinder that hisses has scale on its element.",
  "A leak with every tap closed shows at the meter, where the small dial still turns.",
  "A damp patch that grows after rain comes from outside rather than from a pipe.",
  "Old galvanised pipes rust from the inside, which shows as brown water in the morning.",
  "A smell of gas outside is often a loose regulator, and inside it means leaving at once.",
  "Flames that burn yellow instead of blue want air.",
  "A toilet that refills by itself nearly always has a worn flush valve seal.",
  "Food colouring in the cistern shows in the bowl when the seal leaks.",
  "A tap that needs more and more force has a washer that is nearly gone.",
  "Water hammer is a pipe that is free to move, and a clip quiets it.",
];

export const YAML = `
identity:
  niche: plumber
  language: en-NZ
  website: https://acme.example
  contact: {phone: "+6493601234", address: "12 Quay Street, Auckland"}
  opening_hours: {mon: ["08:00-17:30"], tue: ["08:00-17:30"], sat: ["09:00-12:00"]}
brand_brain:
  voice_tone: calm and practical
  key_differentiators: [Whoever picks up the phone is a plumber., The van carries parts for the common taps and cisterns.]
  insider_tips: ${JSON.stringify(TIPS)}
  forbidden_topics: [fixed prices or completion times for work that nobody has seen, whether an insurer will pay]
services:
${SERVICES.map(([name, slug, keyword], index) => `  - {name: ${name}, slug: ${slug}, price_from: ${120 + 35 * index}, primary_keywords: [${keyword}], context_keywords: [valve, pressure, inspection]}`).join("\n")}
modules:
  local_seo:
    pages: {min_words: 400}
    scout_settings: {geo_scope: {cities: [Auckland], suburbs: ${JSON.stringify(PLACES)}}}
  lead_gen: {sales_bridge: {destination_phone: "+64211001234"}}
`;

const slugOf = (name: string): string => name.toLowerCase().replaceAll(" ", "-");
const KINDS = ["school", "library", "hospital", "marina", "supermarket", "park"] as const;
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What is near a place, as the scout leaves it behind. */
export const anchorsOf = (place: string, project_id: string) =>
  KINDS.map((kind, n) => ({
    project_id,
    entity_type: "anchor",
    dedupe_key: `anchor:${slugOf(place)}/node/${n}`,
    name: `${place} ${capital(kind)}`,
    metadata: { status: "found", kind, place: { slug: slugOf(place), name: place }, lat: -36, lon: 174, osm: { type: "node", id: n }, distance_km: 0.4 + ((PLACES.indexOf(place) * 7 + n * 13) % 60) / 10, address: null, attribution: "x", source_url: "x" },
  }));

/** A planned page of the `index`-th service and place. */
export const planned = (serviceIndex: number, place: string, anchors: readonly string[]): { name: string; metadata: PageMetadata } => {
  const [name, slug, keyword] = SERVICES[serviceIndex % SERVICES.length] ?? SERVICES[0];
  return {
    name: `${name}, ${place}`,
    metadata: pageMetadata({
      dedupe_key: `page:${slug}/${slugOf(place)}/service`,
      service: { name, slug },
      place: { name: place, slug: slugOf(place), city: "Auckland", lat: -36, lon: 174 },
      primary_keyword: `${keyword} ${place}`,
      path: `/${slug}/${slugOf(place)}`,
      evidence: anchors.map((id) => ({ kind: "anchor", id })),
    }),
  };
};
