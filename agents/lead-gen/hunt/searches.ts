/** Searches of one source in one go; page one of each is read before page two of any. */
const MOST_SEARCHES = 100;

/** A search of a source: an address in which only `{page}` may still be open. */
export interface Search {
  address: string;
  page: number;
}

const filled = (template: string, name: string, value: string): string => template.replaceAll(`{${name}}`, encodeURIComponent(value));

/** Each keyword at each place, where the address asks for them; one search where it does not. */
export const searchesOf = (template: string, { keywords, places, firstPage }: { keywords: readonly string[]; places: readonly string[]; firstPage: number }): Search[] => {
  const words = template.includes("{keyword}") ? (keywords.length > 0 ? keywords : [""]) : [""];
  const where = template.includes("{place}") ? (places.length > 0 ? places : [""]) : [""];
  const addresses = words.flatMap((keyword) => where.map((place) => filled(filled(template, "keyword", keyword), "place", place)));
  return [...new Set(addresses)].slice(0, MOST_SEARCHES).map((address) => ({ address, page: firstPage }));
};

export const urlOf = ({ address, page }: Search): string => filled(address, "page", String(page));

/** The page after this one: by number where the address has one, else where the page itself leads. */
export const nextOf = (search: Search, linked: string | null): Search | null => {
  if (search.address.includes("{page}")) return { ...search, page: search.page + 1 };
  return linked === null ? null : { address: linked.replaceAll("{", "%7B"), page: search.page + 1 };
};
