import { z } from "zod";
import type { Entity } from "../../../core/memory/entities.store.ts";
import { type NewSource, sourceText } from "./source-texts.ts";

/** What of an anchor can be said on a page. */
const anchorSchema = z.looseObject({
  status: z.enum(["found", "approved"]),
  kind: z.string(),
  place: z.object({ name: z.string() }),
  distance_km: z.number().min(0),
  address: z.string().nullable().default(null),
});

const kilometres = (km: number): string => (km < 10 ? km.toFixed(1) : km.toFixed(0));
const withArticle = (kind: string): string => `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}`;

/** An anchor as a source; null for one that pages must not rest on: doubtful, rejected, or gone from the map. */
export const anchorSource = ({ id, entity_type, name, metadata }: Pick<Entity, "id" | "entity_type" | "name" | "metadata">): NewSource | null => {
  const anchor = anchorSchema.safeParse(metadata).data;
  if (entity_type !== "anchor" || anchor === undefined || name.trim() === "") return null;
  const where = anchor.address === null || anchor.address.trim() === "" ? "" : `, at ${anchor.address}`;
  return {
    kind: "anchor",
    id,
    text: sourceText(`${name} is ${withArticle(anchor.kind.replaceAll("_", " "))} ${kilometres(anchor.distance_km)} km from the centre of ${anchor.place.name}, as the crow flies${where}.`),
  };
};
