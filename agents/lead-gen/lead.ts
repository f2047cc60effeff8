import type { Entity } from "../../core/memory/entities.store.ts";
import type { LeadToCall } from "../../durable/bridge-call/plan.ts";

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

export interface Lead extends Omit<LeadToCall, "phone"> {
  phone: string | null;
  email: string | null;
  source: string | null;
  /** A synthetic lead, which must ring nobody but its stand-ins. */
  canary: boolean;
}

/** An entity of type lead as the rest of the house thinks of it. */
export const leadOf = (entity: Pick<Entity, "id" | "name" | "metadata">): Lead => ({
  id: entity.id,
  name: entity.name,
  phone: textOf(entity.metadata.phone),
  email: textOf(entity.metadata.email),
  // What they want now, rather than what they wanted when they came.
  message: textOf(entity.metadata.campaign_reply) ?? textOf(entity.metadata.message),
  service: textOf(entity.metadata.service),
  place: textOf(entity.metadata.place),
  source: textOf(entity.metadata.source),
  found_on: entity.metadata.source === "sniper" ? (textOf(entity.metadata.platform) ?? "a public page") : null,
  canary: entity.metadata.canary === true,
});
