import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { OutgoingPage, StateOf } from "../target.ts";
import { META, type SiteProfile } from "./profile.ts";

/** What goes into registered meta fields. A field that is registered and has nothing to say is emptied. */
export const metaOf = ({ meta }: Pick<SiteProfile, "meta">, page: Pick<OutgoingPage, "json_ld" | "title" | "meta_description" | "canonical">): Record<string, string> => {
  const values: Record<string, string> = { [META.json_ld]: JSON.stringify(page.json_ld), [META.title]: page.title, [META.description]: page.meta_description, [META.canonical]: page.canonical ?? "" };
  return Object.fromEntries(Object.entries(values).filter(([name]) => meta.includes(name)));
};

/**
 * Title, description and JSON-LD by way of Rank Math. What it was given before is known by its own ids, so that an update changes it
 * and adds nothing.
 * @returns its ids
 */
export const tellRankMath = async (client: Pick<WordpressClient, "rankMath">, id: number, page: OutgoingPage, known: StateOf<"wordpress"> | null): Promise<Record<string, number>> => {
  const ids = known?.rank_math ?? {};
  const schemas = Object.fromEntries(page.json_ld.map((node, index) => [ids[String(index)] === undefined ? `new-${index}` : `schema-${ids[String(index)]}`, node] as const));
  const made = await client.rankMath(id, { meta: { rank_math_title: page.title, rank_math_description: page.meta_description }, schemas });
  return { ...ids, ...Object.fromEntries(Object.entries(made).map(([name, value]) => [name.replace("new-", ""), value])) };
};
