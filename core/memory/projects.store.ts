import { and, desc, eq, sql } from "drizzle-orm";
import { conflict, notFound } from "../errors.ts";
import { auditIfChanged, auditRow, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { audit, projects, webhook_keys } from "./schema.ts";

export type Project = typeof projects.$inferSelect;
/** What a project has a key for: forms' webhooks, and the address that mails are forwarded to. */
export type KeySource = (typeof webhook_keys.$inferSelect)["source"];
export type WebhookSource = Exclude<KeySource, "hunt_mail">;

/** Every form's webhook; each project has a key for each. */
export const WEBHOOK_SOURCES = ["google_ads", "wordpress"] as const satisfies WebhookSource[];
export const KEY_SOURCES = [...WEBHOOK_SOURCES, "hunt_mail"] as const satisfies KeySource[];

const taken = () => conflict("project_taken", "That project_id is taken.");

export interface WebhookKey {
  source: KeySource;
  key_hash: string;
  key_sealed: string;
}

const isTaken = (error: unknown): boolean => {
  const text = error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ""}` : "";
  return text.includes("UNIQUE constraint failed");
};

export const createProjectsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(projects.id, id), eq(projects.tenant_id, tenantId));

  /** Their ids are chosen by people and do not sort by time, so this list's cursor bears both. */
  const isBefore = (cursor: string) => {
    const [, createdAt = "", id = ""] = /^(\d+)\.(.*)$/.exec(cursor) ?? [];
    return sql`(${projects.created_at}, ${projects.id}) < (${Number(createdAt)}, ${id})`;
  };

  const find = async (id: string): Promise<Project | undefined> => db.select().from(projects).where(own(id)).get();

  return {
    find,

    /** @throws AppError 404 also when the project exists at another tenant */
    async get(id: string): Promise<Project> {
      const project = await find(id);
      if (!project) throw notFound("project");
      return project;
    },

    /** @throws AppError 409 when anyone has a project of that id: ids are part of public webhook addresses */
    async create(input: { id: string; name: string; country: string; keys: WebhookKey[] }): Promise<Project> {
      if (!(await scope.claims.take("project", input.id, tenantId))) throw taken();
      const created_at = clock.now();
      const project: Project = { id: input.id, tenant_id: tenantId, name: input.name, country: input.country, dna_custom: null, dna_generated: null, canary_due_at: null, canary_last_at: null, canary_failed_at: null, canary_detail: null, from_number: null, from_account: null, created_at };
      try {
        await db.batch([
          db.insert(projects).values(project),
          db.insert(webhook_keys).values(input.keys.map((key) => ({ ...key, project_id: input.id, tenant_id: tenantId, created_at }))),
          db.insert(audit).values(auditRow(scope, "project.created", `project:${input.id}`)),
        ]);
      } catch (error) {
        if (isTaken(error)) throw taken();
        throw error;
      }
      return project;
    },

    async list(page: PageRequest): Promise<Page<Project>> {
      const rows = await db
        .select()
        .from(projects)
        .where(and(eq(projects.tenant_id, tenantId), page.cursor === undefined ? undefined : isBefore(page.cursor)))
        .orderBy(desc(projects.created_at), desc(projects.id))
        .limit(page.limit + 1)
        .all();
      const { items, next_cursor } = toPage(rows, page.limit);
      const last = items.at(-1);
      return { items, next_cursor: next_cursor === null || !last ? null : `${last.created_at}.${last.id}` };
    },

    async webhookKeys(projectId: string): Promise<WebhookKey[]> {
      return db
        .select({ source: webhook_keys.source, key_hash: webhook_keys.key_hash, key_sealed: webhook_keys.key_sealed })
        .from(webhook_keys)
        .where(and(eq(webhook_keys.project_id, projectId), eq(webhook_keys.tenant_id, tenantId)))
        .all();
    },

    /** Gives a project a key for a source that it has none for yet; one that it has stays. */
    async addWebhookKey(projectId: string, key: WebhookKey): Promise<void> {
      await db.batch([
        db.insert(webhook_keys).values({ ...key, project_id: projectId, tenant_id: tenantId, created_at: clock.now() }).onConflictDoNothing(),
        auditIfChanged(scope, "webhook_key.added", `project:${projectId}`, { source: key.source }),
      ]);
    },

    /** The old key is refused from the moment this returns. */
    async replaceWebhookKey(projectId: string, key: WebhookKey): Promise<void> {
      await db.batch([
        db
          .update(webhook_keys)
          .set({ key_hash: key.key_hash, key_sealed: key.key_sealed, created_at: clock.now() })
          .where(and(eq(webhook_keys.project_id, projectId), eq(webhook_keys.tenant_id, tenantId), eq(webhook_keys.source, key.source))),
        db.insert(audit).values(auditRow(scope, "webhook_key.rotated", `project:${projectId}`, { source: key.source })),
      ]);
    },
  };
};
