import type { Entity } from "../../../core/memory/entities.store.ts";
import type { LeadToScore } from "./scoring.types.ts";

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** An entity of type lead as the scorer reads it. */
export const leadToScore = ({ id, name, metadata }: Pick<Entity, "id" | "name" | "metadata">): LeadToScore => ({
  id,
  title: textOf(metadata.title) ?? name,
  message: textOf(metadata.message) ?? "",
  place: textOf(metadata.place),
  urgency: textOf(metadata.posted_urgency),
  posted_at: textOf(metadata.posted_at),
});
