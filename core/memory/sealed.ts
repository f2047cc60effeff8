import { and, eq, gt, isNotNull, type SQL, sql } from "drizzle-orm";
import { describeError } from "../errors.ts";
import { logger } from "../log.ts";
import type { SecretPlace, Vault } from "../security/vault.ts";
import type { Database } from "./database.ts";
import { secrets, twilio_accounts, webhook_endpoints, webhook_keys } from "./schema.ts";
import { endpointSecretPlace } from "./webhook-endpoints.store.ts";

const log = logger("vault");

/** A sealed value where it lies. `key` orders the column's rows, so that a walk can go on where it stopped. */
interface SealedRow {
  key: string;
  sealed: string;
  place: SecretPlace;
}

/** One column of sealed values. A new one is one more entry in `columns`. */
interface SealedColumn {
  after(key: string, limit: number): Promise<SealedRow[]>;
  /** Writes the new value if the old one is still there. @returns whether it was */
  replace(row: SealedRow, sealed: string): Promise<boolean>;
}

const columnsOf = (db: Database): readonly (readonly [name: string, SealedColumn])[] => {
  // A project's id holds no slash.
  const webhookKey = sql<string>`${webhook_keys.project_id} || '/' || ${webhook_keys.source}`;
  const secretKey = sql<string>`${secrets.project_id} || '/' || ${secrets.name}`;
  const accountKey = sql<string>`${twilio_accounts.tenant_id} || '/' || ${twilio_accounts.account_sid}`;
  const isAfter = (key: SQL<string>, after: string) => gt(key, after);
  const endpointSecrets = (column: "secret_sealed" | "old_secret_sealed"): SealedColumn => ({
    after: async (key, limit) =>
      (await db.select().from(webhook_endpoints).where(and(isNotNull(webhook_endpoints[column]), gt(webhook_endpoints.id, key))).orderBy(webhook_endpoints.id).limit(limit).all()).flatMap((row) => {
        const sealed = row[column];
        return sealed === null ? [] : [{ key: row.id, sealed, place: endpointSecretPlace(row) }];
      }),
    replace: async ({ key, sealed: old }, sealed) =>
      (await db.update(webhook_endpoints).set({ [column]: sealed }).where(and(eq(webhook_endpoints.id, key), eq(webhook_endpoints[column], old))).returning({ id: webhook_endpoints.id })).length > 0,
  });
  return [
    [
      "webhook_keys",
      {
        after: async (key, limit) =>
          (await db.select().from(webhook_keys).where(isAfter(webhookKey, key)).orderBy(webhookKey).limit(limit).all()).map((row) => ({
            key: `${row.project_id}/${row.source}`,
            sealed: row.key_sealed,
            place: { tenant_id: row.tenant_id, project_id: row.project_id, name: `webhook:${row.source}` },
          })),
        replace: async ({ sealed: old, place }, sealed) =>
          (await db.update(webhook_keys).set({ key_sealed: sealed }).where(and(eq(webhook_keys.project_id, place.project_id ?? ""), eq(webhook_keys.key_sealed, old))).returning({ id: webhook_keys.project_id })).length > 0,
      },
    ],
    [
      "secrets",
      {
        after: async (key, limit) =>
          (await db.select().from(secrets).where(isAfter(secretKey, key)).orderBy(secretKey).limit(limit).all()).map((row) => ({
            key: `${row.project_id}/${row.name}`,
            sealed: row.sealed,
            place: { tenant_id: row.tenant_id, project_id: row.project_id, name: row.name },
          })),
        replace: async ({ sealed: old, place }, sealed) =>
          (await db.update(secrets).set({ sealed }).where(and(eq(secrets.project_id, place.project_id ?? ""), eq(secrets.name, place.name), eq(secrets.sealed, old))).returning({ id: secrets.project_id })).length > 0,
      },
    ],
    [
      "twilio_accounts",
      {
        after: async (key, limit) =>
          (await db.select().from(twilio_accounts).where(isAfter(accountKey, key)).orderBy(accountKey).limit(limit).all()).map((row) => ({
            key: `${row.tenant_id}/${row.account_sid}`,
            sealed: row.token_sealed,
            place: { tenant_id: row.tenant_id, project_id: null, name: `twilio:${row.account_sid}` },
          })),
        replace: async ({ sealed: old, place }, sealed) =>
          (await db.update(twilio_accounts).set({ token_sealed: sealed }).where(and(eq(twilio_accounts.tenant_id, place.tenant_id), eq(twilio_accounts.token_sealed, old))).returning({ id: twilio_accounts.account_sid })).length > 0,
      },
    ],
    ["webhook_endpoints", endpointSecrets("secret_sealed")],
    ["webhook_endpoints_old", endpointSecrets("old_secret_sealed")],
  ];
};

export interface Rotation {
  checked: number;
  /** Sealed again with the newest key. */
  rotated: number;
  /** Could not be opened; the log says where. Do not take the old key away before this is 0. */
  failed: number;
  /** Pass it back to go on; null at the end. */
  next_cursor: string | null;
}

/**
 * Seals what is sealed with an older key again with the newest, a page at a time, over all tenants. A value that somebody
 * replaces meanwhile is left to them (compare-and-set), and what is new already is passed over, so any page may be repeated.
 * @param cursor `<column>:<key>`, as an earlier page gave it; null to begin
 */
export const rotateSealed = async ({ db, vault }: { db: Database; vault: Vault }, cursor: string | null, limit: number): Promise<Rotation> => {
  const columns = columnsOf(db);
  const [, at = columns[0]?.[0] ?? "", after = ""] = /^([a-z_]+):(.*)$/s.exec(cursor ?? "") ?? [];
  const index = columns.findIndex(([name]) => name === at);
  const [name, column] = columns[index] ?? [];
  const counts = { checked: 0, rotated: 0, failed: 0 };
  if (name === undefined || column === undefined) return { ...counts, next_cursor: null };
  const rows = await column.after(after, limit);
  for (const row of rows) {
    counts.checked += 1;
    if (!vault.needsRotation(row.sealed)) continue;
    try {
      if (await column.replace(row, await vault.seal(await vault.open(row.sealed, row.place), row.place))) counts.rotated += 1;
    } catch (error) {
      counts.failed += 1;
      log.error("a sealed value could not be sealed again", { column: name, project_id: row.place.project_id, place: row.place.name, error: describeError(error) });
    }
  }
  const last = rows.at(-1);
  const following = columns[index + 1]?.[0];
  const next_cursor = rows.length === limit && last ? `${name}:${last.key}` : following === undefined ? null : `${following}:`;
  return { ...counts, next_cursor };
};
