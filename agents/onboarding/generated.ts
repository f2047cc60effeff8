import { Document, isMap, isNode, isScalar, isSeq, type Node } from "yaml";
import type { Layer } from "../../core/dna/document.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { comparable } from "./evidence.ts";
import type { Evidence, Facts, FactOrigin, FoundService } from "./facts.ts";
import type { Business } from "./onboarding.schemas.ts";

/** One value of the generated layer, and what it rests on. */
export interface Field {
  /** Keys joined by dots; places in lists count from 0. */
  path: string;
  value: unknown;
  origin: FactOrigin;
  source_url: string | null;
  confidence: number;
}

export interface Draft {
  /** `dna.generated.yaml`: each value with a comment that says where it is from. */
  yaml: string;
  fields: Field[];
  /** What the site did not say and the trade's own layer or the defaults answer. */
  left_to_vertical: string[];
}

type Service = Dna["services"][number];

/** Words that tell services apart, roughly without their endings. */
const stems = (text: string): Set<string> =>
  new Set(comparable(text).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2 && !/^(?:and|the|for|our|your|with|service|services|repair|repairs|installation|new)$/.test(word)).map((word) => word.replace(/(?:ations?|ings?|ers?|ies|es|s|ed)$/, "")));

/** The trade's own service that the site's one is: it lends its search words and whether it is an emergency. */
const kinOf = (name: string, trade: readonly Service[]): Service | undefined => {
  const own = stems(name);
  const scored = trade.map((service) => {
    const alike = [service.name, ...(service.primary_keywords ?? [])].map((words) => {
      const theirs = stems(words);
      const shared = [...own].filter((stem) => theirs.has(stem)).length;
      return shared === 0 ? 0 : shared / Math.max(own.size, theirs.size);
    });
    return { service, score: Math.max(0, ...alike) };
  });
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  return best !== undefined && best.score >= 0.5 ? best.service : undefined;
};

const EMERGENCY = /emergenc|24.?hour|24\s?\/\s?7|after.?hours|urgenc|urgent|notdienst/i;

const serviceEntry = (found: FoundService, trade: readonly Service[], taken: Set<string>): Service => {
  const kin = kinOf(found.name, trade);
  const slug = kin?.slug !== undefined && !taken.has(kin.slug) ? kin.slug : undefined;
  if (slug !== undefined) taken.add(slug);
  return {
    name: found.name,
    ...(slug === undefined ? {} : { slug }),
    ...(kin?.primary_keywords === undefined ? {} : { primary_keywords: kin.primary_keywords }),
    ...(kin?.context_keywords === undefined ? {} : { context_keywords: kin.context_keywords }),
    ...(found.price_from === null ? {} : { price_from: found.price_from }),
    ...(kin?.emergency === true || EMERGENCY.test(found.name) ? { emergency: true } : {}),
  };
};

/** A layer is made of fields alone, so that nothing is in it that says not where it is from. */
const layerOf = (fields: readonly Pick<Field, "path" | "value">[]): Layer => {
  const layer: Layer = {};
  for (const { path, value } of fields) {
    const keys = path.split(".");
    let map = layer;
    for (const key of keys.slice(0, -1)) map = (map[key] ??= {}) as Layer;
    map[keys.at(-1) ?? path] = value;
  }
  return layer;
};

const sourceOf = ({ origin, source_url, confidence }: Evidence): string => (origin === "given" ? " given" : ` ${origin}, ${confidence}: ${source_url ?? ""}`);

/** Every node along a path, keys of maps and places of lists. */
const nodeAt = (document: Document, path: readonly (string | number)[]): Node | undefined => {
  const found: unknown = document.getIn(path, true);
  return isNode(found) ? found : undefined;
};

const comment = (document: Document, path: readonly (string | number)[], text: string): void => {
  const node = nodeAt(document, path);
  if (isScalar(node)) node.comment = text;
  else if (isMap(node) || isSeq(node)) node.commentBefore = text;
};

const GIVEN: Evidence = { origin: "given", source_url: null, confidence: 1 };

/** What the generated layer may say, in words for whoever reads what was left out. */
const SAYABLE = ["identity.contact.phone", "identity.contact.email", "identity.contact.address", "identity.language", "identity.opening_hours", "services", "brand_brain.key_differentiators", "modules.local_seo.scout_settings.geo_scope"];

export interface DraftInput {
  business: Business;
  facts: Facts;
  /** The services of the trade, as the project's DNA has them without this layer's own. */
  trade: readonly Service[];
  live: boolean;
}

/** Facts as a layer of the DNA. Pure. The phone to ring is the given one, whatever the facts say. */
export const draftLayer = ({ business, facts, trade, live }: DraftInput): Draft => {
  const field = (path: string, value: unknown, { origin, source_url, confidence }: Evidence): Field => ({ path, value, origin, source_url, confidence });
  const text = (path: string, found: Facts["phone"]): Field[] => (found === null ? [] : [field(path, found.text, found)]);
  const weakest = (items: readonly Evidence[]): Evidence => items.toSorted((a, b) => a.confidence - b.confidence)[0] ?? GIVEN;
  const list = (path: string, items: readonly (Evidence & { value: unknown })[]): Field[] => (items.length === 0 ? [] : [field(path, items.map((item) => item.value), weakest(items))]);
  const taken = new Set<string>();
  const services = facts.services.map((service) => ({ ...service, value: serviceEntry(service, trade, taken) }));
  const differentiators = facts.differentiators.map((found) => ({ ...found, value: found.text }));
  const places = (kind: "city" | "suburb") => facts.places.filter((place) => place.kind === kind).map((place) => ({ ...place, value: place.name }));

  const fields: Field[] = [
    field("identity.business_name", business.business_name, GIVEN),
    field("identity.niche", business.niche, GIVEN),
    field("identity.country", business.country, GIVEN),
    ...(business.website === undefined ? [] : [field("identity.website", business.website, GIVEN)]),
    ...text("identity.language", facts.language),
    ...text("identity.contact.phone", facts.phone),
    ...(business.email === undefined ? text("identity.contact.email", facts.email) : [field("identity.contact.email", business.email, GIVEN)]),
    ...text("identity.contact.address", facts.address),
    ...(facts.hours === null ? [] : [field("identity.opening_hours", facts.hours.hours, facts.hours)]),
    ...list("brand_brain.key_differentiators", differentiators),
    ...list("services", services),
    ...list("modules.local_seo.scout_settings.geo_scope.cities", places("city")),
    ...list("modules.local_seo.scout_settings.geo_scope.suburbs", places("suburb")),
    field("modules.lead_gen.live", live, GIVEN),
    field("modules.lead_gen.sales_bridge.destination_phone", business.phone, GIVEN),
  ];
  const document = new Document(layerOf(fields));
  document.commentBefore = " Written by onboarding. After each value: how it was found, how sure that is, and where. What is not here, the trade's\n own layer answers. To change something, say it in the custom layer: it wins, and a re-scan never touches it.";
  for (const { path, ...evidence } of fields) {
    const keys = path.split(".");
    const items: readonly Evidence[] | undefined = path === "services" ? services : path === "brand_brain.key_differentiators" ? differentiators : undefined;
    if (items === undefined) comment(document, keys, sourceOf(evidence));
    else items.forEach((item, index) => comment(document, [...keys, index], sourceOf(item)));
  }
  const said = fields.map((one) => one.path);
  return {
    yaml: document.toString({ lineWidth: 0 }),
    fields: fields.flatMap((one) => (one.path === "services" ? services.map((service, index) => field(`services.${index}`, { name: service.name, price_from: service.price_from }, service)) : [one])),
    left_to_vertical: SAYABLE.filter((path) => !said.some((one) => one === path || one.startsWith(`${path}.`))),
  };
};
