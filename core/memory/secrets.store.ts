import { and, eq } from "drizzle-orm";
import { auditIfChanged, auditRow, type Scope } from "./database.ts";
import type { WebhookSource } from "./projects.store.ts";
import { audit, secrets } from "./schema.ts";

export interface StoredSecret {
  /** Sealed by the vault for (tenant, project, name): it opens nowhere else. */
  sealed: string;
  /** What may be shown of it. */
  shown: Record<string, string>;
}

/** The secret that a source's submissions are signed with. Checking a signature is no access to it: it leaves no audit row. */
export const signingSecretOf = (source: WebhookSource): string => `signing:${source}`;

/** What a project entrusts to us. Only sealed values come in or go out; whoever opens one says so in the audit log. */
export const createSecretsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (projectId: string, name: string) => and(eq(secrets.project_id, projectId), eq(secrets.name, name), eq(secrets.tenant_id, tenantId));
  const resource = (projectId: string): string => `project:${projectId}`;

  return {
    async put(projectId: string, name: string, secret: StoredSecret): Promise<void> {
      const now = clock.now();
      await db.batch([
        db
          .insert(secrets)
          .values({ ...secret, project_id: projectId, tenant_id: tenantId, name, updated_at: now })
          .onConflictDoUpdate({ target: [secrets.project_id, secrets.name], set: { ...secret, updated_at: now } }),
        db.insert(audit).values(auditRow(scope, "secret.written", resource(projectId), { name })),
      ]);
    },

    /** @returns false when there is none */
    async remove(projectId: string, name: string): Promise<boolean> {
      const [removed] = await db.batch([db.delete(secrets).where(own(projectId, name)).returning({ name: secrets.name }), auditIfChanged(scope, "secret.removed", resource(projectId), { name })]);
      return removed.length > 0;
    },

    /** What may be shown of it; for an answer to a person. */
    async shown(projectId: string, name: string): Promise<Record<string, string> | undefined> {
      return (await db.select({ shown: secrets.shown }).from(secrets).where(own(projectId, name)).get())?.shown;
    },

    /** The sealed value, for whoever is about to use it: written down before it is handed out. */
    async take(projectId: string, name: string): Promise<StoredSecret | undefined> {
      const found = await db.select({ sealed: secrets.sealed, shown: secrets.shown }).from(secrets).where(own(projectId, name)).get();
      if (found) await db.insert(audit).values(auditRow(scope, "secret.used", resource(projectId), { name }));
      return found;
    },
  };
};
