import type { PageNode } from "../../../core/memory/page-links.types.ts";

/*
 * What a link says: always what is at its other end, in one of several ways, so that a page does not repeat itself and many pages
 * do not speak in chorus.
 */

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** Within a sentence: `Hot water` becomes `hot water`; what is written in capitals (`HVAC`) stays. */
const inner = (text: string): string => (/^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

/** Is the text a phrase of the place's own, e.g. a keyword that already names it? */
const says = (text: string, place: string): boolean => text.toLowerCase().includes(place.toLowerCase());

const wordings = ({ service, place, intent, primary_keyword }: PageNode): string[] => {
  const name = service.name;
  const low = inner(name);
  if (place === null) {
    if (service.slug === "hub") return ["All services and areas", "Our services by area", "Overview of services and areas"];
    return [`${name}: all areas`, `All areas for ${low}`, `Where we do ${low}`, `${name} by area`];
  }
  const where = place.name;
  const byIntent: Record<string, string[]> = {
    emergency: [`Emergency ${low} in ${where}`, `${where} emergency ${low}`, `Urgent ${low} in ${where}`],
    price: [`${name} prices in ${where}`, `What ${low} costs in ${where}`, `${where} ${low} prices`],
    hub: [`All services in ${where}`, `${where}: all services`, `What we do in ${where}`],
  };
  const keyword = upperFirst(primary_keyword.trim());
  return [...(byIntent[intent] ?? [`${name} in ${where}`, `${where} ${low}`, `${name} for ${where}`]), ...(says(keyword, where) ? [keyword] : [])];
};

/** FNV-1a: spreads well, and is the same everywhere. */
const hash = (text: string): number => {
  let h = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return h >>> 0;
};

/**
 * The text of a link, which no other link of the same page has: the wording that falls to this pair of pages, else the next one that is
 * free; where even those are taken (two places of one name), the city or the address tells them apart.
 * @param taken lower-case texts of the page's other links; the chosen one is added
 */
export const anchorText = (from: PageNode, to: PageNode, taken: Set<string>): string => {
  const texts = wordings(to);
  const start = hash(`${from.id}>${to.id}`) % texts.length;
  const turned = [...texts.slice(start), ...texts.slice(0, start)];
  const city = to.place?.city ?? null;
  const told = city === null || city === to.place?.name ? [] : turned.map((text) => `${text}, ${city}`);
  const free = [...turned, ...told].find((text) => !taken.has(text.toLowerCase())) ?? `${texts[0] ?? to.primary_keyword} (${to.path})`;
  // Two pages of one address cannot both be out; should there be two all the same, ids tell them apart.
  const chosen = taken.has(free.toLowerCase()) ? `${free} ${to.id}` : free;
  taken.add(chosen.toLowerCase());
  return chosen;
};
