import { slugOf } from "../../../core/slug.ts";
import type { Intent } from "./demand.ts";
import type { Evidence, NearAnchor, PlannedPlace, PlannedService } from "./evidence.ts";
import { keywordKey, typed } from "./keywords.ts";

/** One page that could be: what it is about, what it wants to be found by, and what it rests on. */
export interface Combination {
  /** `page:{service}/{place}/{intent}`; a hub has no place. */
  key: string;
  service: { name: string; slug: string };
  place: PlannedPlace | null;
  intent: Intent;
  anchor: NearAnchor | null;
  primary_keyword: string;
  secondary_keywords: string[];
  evidence: Evidence[];
}

export interface Dropped {
  key: string;
  service: string;
  place: string | null;
  intent: Intent;
  why: string;
}

export const pageKey = (service: string, place: string, intent: Intent): string => `page:${service}/${place}/${intent}`;

/** As far as people still say "near": half an hour on foot. */
const NEAR_KM = 2;
const ANCHORS_A_PAGE = 6;
const MOST_SECONDARY = 8;

const distinct = (keywords: readonly string[], primary: string): string[] => {
  const seen = new Set([keywordKey(primary)]);
  return keywords.map(typed).filter((keyword) => {
    const key = keywordKey(keyword);
    if (key === "" || seen.has(key)) return false;
    seen.add(key);
    return true;
  }).slice(0, MOST_SECONDARY);
};

/** Which of a place's anchors a page takes: each service begins at another, so that its pages differ. */
const anchorsFor = (place: PlannedPlace, turn: number): Evidence[] => {
  const { anchors } = place;
  const from = anchors.length <= ANCHORS_A_PAGE ? 0 : (turn * 3) % anchors.length;
  return [...anchors.slice(from), ...anchors.slice(0, from)].slice(0, ANCHORS_A_PAGE).map(({ id }) => ({ kind: "anchor", id }));
};

const isEmergencyWord = (keyword: string): boolean => /emergency|urgent|24.?hour|after.?hours/i.test(keyword);

const missing = (service: PlannedService, place: PlannedPlace): string | null => {
  if (place.anchors.length === 0 && place.evidence.length === 0) return `nothing is known of ${place.name}: no anchor near, no passage, question or fact that names it`;
  if (service.evidence.length === 0) return `nothing is known of ${service.name}: no passage, question or fact about it`;
  return null;
};

/** Everything that could be a page, and what could not and why. */
export const matrixOf = (services: readonly PlannedService[], places: readonly PlannedPlace[], trade: string): { combinations: Combination[]; dropped: Dropped[] } => {
  const combinations: Combination[] = [];
  const dropped: Dropped[] = [];
  const drop = (service: PlannedService, place: PlannedPlace | null, intent: Intent, why: string): void => void dropped.push({ key: pageKey(service.slug, place?.slug ?? "", intent), service: service.name, place: place?.name ?? null, intent, why });

  const tellsOf = ({ evidence }: PlannedService): Evidence[] => evidence.filter(({ kind }) => kind !== "dna");
  // One page a landmark: of the service about which customers have asked, or the business has written, most.
  const [telling] = services.toSorted((a, b) => tellsOf(b).length - tellsOf(a).length);

  services.forEach((service, turn) => {
    const { name, slug, keywords } = service;
    const [first = typed(name)] = keywords;
    if (service.evidence.length === 0) drop(service, null, "hub", `nothing is known of ${name}: no passage, question or fact about it`);
    else combinations.push({ key: pageKey(slug, "", "hub"), service: { name, slug }, place: null, intent: "hub", anchor: null, primary_keyword: typed(`${first} ${places[0]?.city ?? ""}`), secondary_keywords: distinct(keywords, first), evidence: service.evidence.slice(0, 20) });

    for (const place of places) {
      const why = missing(service, place);
      const put = (intent: Intent, phrases: readonly string[], anchor: NearAnchor | null, evidence: readonly Evidence[]): void => {
        const [primary = name, ...more] = phrases.map((phrase) => typed(anchor === null ? `${phrase} ${place.name}` : phrase));
        combinations.push({ key: pageKey(slug, place.slug, intent), service: { name, slug }, place, intent, anchor, primary_keyword: primary, secondary_keywords: distinct(more, primary), evidence: evidence.slice(0, 50) });
      };
      const all = [...place.evidence, ...anchorsFor(place, turn), ...service.evidence];
      if (why !== null) {
        drop(service, place, "service", why);
        continue;
      }
      put("service", keywords, null, all);
      if (service.emergency) put("emergency", [isEmergencyWord(first) ? first : `emergency ${first}`, ...keywords.filter(isEmergencyWord), `24 hour ${first}`], null, all);
      if (service.price) put("price", [`${first} price`, `${first} cost`, `how much does ${first} cost`], null, [{ kind: "dna", id: `services[${slug}].price_from` }, ...all]);
      const near = place.anchors.find(({ distance_km }) => distance_km <= NEAR_KM);
      const tells = tellsOf(service);
      if (near !== undefined && service === telling && tells.length > 0) put("near_anchor", [`${trade} near ${near.name}`, `${first} near ${near.name}`], near, [{ kind: "anchor", id: near.id }, ...place.evidence, ...tells]);
    }
  });
  const inPlaces = places.filter(({ anchors, evidence }) => anchors.length + evidence.length > 0);
  if (combinations.length > 0 && inPlaces.length > 0) {
    combinations.unshift({ key: pageKey("hub", "", "hub"), service: { name: trade, slug: "hub" }, place: null, intent: "hub", anchor: null, primary_keyword: typed(`${trade} ${inPlaces[0]?.city ?? ""}`), secondary_keywords: distinct(inPlaces.slice(0, MOST_SECONDARY).map((place) => `${trade} ${place.name}`), trade), evidence: [] });
  }
  return { combinations, dropped };
};

/** A path by the DNA's template; unlike those that are taken. */
export const pathFor = (template: string, { service, place, intent, anchor }: Pick<Combination, "service" | "place" | "intent" | "anchor">, taken: ReadonlySet<string>): string => {
  const suffix = intent === "emergency" && !service.slug.includes("emergency") ? "-emergency" : intent === "price" ? "-price" : "";
  const filled = place === null
    ? `/${service.slug === "hub" ? "service-areas" : service.slug}`
    : template
        .replaceAll("{service}", `${service.slug}${suffix}`)
        .replaceAll("{place}", place.slug)
        .replaceAll("{anchor}", anchor === null ? "" : `near-${slugOf(anchor.name)}`);
  const withAnchor = anchor !== null && place !== null && !template.includes("{anchor}") ? `${filled}/near-${slugOf(anchor.name)}` : filled;
  const path = withAnchor.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1").slice(0, 280);
  for (let n = 1; ; n += 1) {
    const one = n === 1 ? path : `${path}-${n}`;
    if (!taken.has(one)) return one;
  }
};
