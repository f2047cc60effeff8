import { and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { AppError } from "../errors.ts";
import type { Database } from "./database.ts";
import type { Project, WebhookSource } from "./projects.store.ts";
import { projects, secrets, webhook_keys } from "./schema.ts";
import { signingSecretOf, type StoredSecret } from "./secrets.store.ts";

/** What a webhook's address leads to, as it was found at some moment. */
export interface WebhookDoor {
  source: WebhookSource;
  project: Project;
  /** Of the key that a request must show. */
  key_hash: string;
  /** What it must be signed with besides, sealed; null: the key is enough. */
  signing: StoredSecret | null;
}

/** What was remembered of a door is not so any more, or what came through it was there already: it must be looked at anew. */
export class DoorUnsure extends AppError {
  constructor() {
    super({ code: "door_unsure", status: 503, message: "The project has just been changed.", retryable: true });
  }
}

/** When the next canary is due says nothing about the door, and moves every day. */
const { canary_due_at: _due, canary_last_at: _last, canary_failed_at: _failed, canary_detail: _detail, ...lasting } = getTableColumns(projects);

const isKeyOf = (source: WebhookSource) => and(eq(webhook_keys.project_id, projects.id), eq(webhook_keys.source, source));
const isSecretOf = (source: WebhookSource) => and(eq(secrets.project_id, projects.id), eq(secrets.tenant_id, projects.tenant_id), eq(secrets.name, signingSecretOf(source)));

export const findDoor = async (db: Database, projectId: string, source: WebhookSource): Promise<WebhookDoor | undefined> => {
  const found = await db
    .select({ project: projects, key_hash: webhook_keys.key_hash, signing: { sealed: secrets.sealed, shown: secrets.shown } })
    .from(projects)
    .leftJoin(secrets, isSecretOf(source))
    .innerJoin(webhook_keys, isKeyOf(source))
    .where(eq(projects.id, projectId))
    .get();
  return found && { source, ...found };
};

/**
 * Whether a door is as it was found, all that a lead's arrival goes by: so that a lead's own transaction can decide whether what was
 * remembered of it holds, and nothing is taken by a key, a DNA or a number that has been changed since.
 */
export const isUnchanged = (db: Database, { source, project, key_hash, signing }: WebhookDoor): SQL => {
  const given: Record<string, unknown> = project;
  const same = Object.entries(lasting).map(([name, column]) => (name === "id" ? eq(projects.id, project.id) : sql`${column} IS ${given[name]}`));
  const door = db
    .select({ one: sql`1` })
    .from(projects)
    .leftJoin(secrets, isSecretOf(source))
    .innerJoin(webhook_keys, isKeyOf(source))
    .where(and(...same, eq(webhook_keys.key_hash, key_hash), sql`${secrets.sealed} IS ${signing?.sealed ?? null}`, sql`${secrets.shown} IS ${signing === null ? null : JSON.stringify(signing.shown)}`));
  return sql`EXISTS ${door}`;
};
