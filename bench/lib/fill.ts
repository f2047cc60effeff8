import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { databaseFile } from "../../scripts/lib/seed/local-database.ts";

/** Rows a transaction: what a crash would lose, and how far the write-ahead log grows. */
const CHUNK = 50_000;
/** Over how many days the leads are spread, the last of them now. */
export const FILLED_DAYS = 120;
const ROWS_OF_A_NEIGHBOUR = 20;

/** Ids as core/ids.ts makes them: they sort by time. */
const idAt = (kind: string, at: string): string => `printf('${kind}_%012x', ${at}) || lower(hex(randomblob(10)))`;
const COUNT = "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)";

/** A lead as a form would have left it; one in ten was called, and has a call. */
const LEADS = `INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
${COUNT}, leads AS (SELECT i, CAST(:begin + (:end - :begin) * 1.0 * i / :count AS INTEGER) AS at, printf('+6422%07d', i) AS phone FROM n)
SELECT ${idAt("ent", "at")}, :tenant, :project, 'lead', 'Visitor ' || i, phone,
  json_object('status', CASE WHEN i % 100 < 3 THEN 'won' WHEN i % 10 = 0 THEN 'called' WHEN i % 10 < 4 THEN 'lost' ELSE 'new' END, 'source', CASE WHEN i % 3 = 0 THEN 'google_ads' ELSE 'wordpress' END,
    'phone', phone, 'email', 'visitor-' || i || '@example.com', 'dedupe_key', 'filled-' || i, 'project_id', :project,
    'message', 'Our hot water cylinder is leaking through the ceiling, can somebody come today? Reference job' || i), at, at FROM leads`;

const CALLS = `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, source, person, status, end_reason, received_at, ended_at, duration_s, timeline, latency, revision, metered_at, created_at, updated_at)
SELECT ${idAt("call", "created_at")}, tenant_id, project_id, id, 'outbound', 'wordpress', 'Owner 1', 'ended', 'connected', created_at, created_at + 90000, 80, '[]',
  json_object('form_to_dial_ms', 12, 'form_to_connected_ms', 6000 + abs(random()) % 20000), 9, created_at + 90000, created_at, created_at
FROM entities WHERE tenant_id = :tenant AND status = 'called' AND seq > :after`;

const NEIGHBOURS = [
  `INSERT INTO tenants (id, name, created_at) ${COUNT} SELECT printf('ten_%012x%020d', :begin + i, i), 'Neighbour ' || i, :begin FROM n`,
  `INSERT INTO users (id, tenant_id, email, name, role, password_hash, created_at) ${COUNT} SELECT printf('usr_%012x%020d', :begin + i, i), printf('ten_%012x%020d', :begin + i, i), 'neighbour-' || i || '@example.com', 'N', 'owner', 'x', :begin FROM n`,
  `INSERT INTO projects (id, tenant_id, name, country, created_at) ${COUNT} SELECT 'neighbour-' || i, printf('ten_%012x%020d', :begin + i, i), 'Neighbour ' || i, 'NZ', :begin FROM n`,
  `INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at)
  ${COUNT} SELECT ${idAt("ent", ":begin + i")}, projects.tenant_id, projects.id, 'lead', 'Visitor ' || i, printf('+6423%07d', i), json_object('status', 'new', 'source', 'wordpress', 'message', 'Our hot water cylinder is leaking'), :begin + i, :begin + i
  FROM projects JOIN n WHERE projects.id LIKE 'neighbour-%'`,
  // Nobody asks for their figures, and to roll up a thousand projects takes a while.
  "DELETE FROM figure_marks WHERE project_id LIKE 'neighbour-%'",
] as const;

export interface Filling {
  projectId: string;
  /** Leads of that project, spread evenly over the last days. */
  leads: number;
  /** Other tenants, with a project and a few leads each. */
  neighbours: number;
  now: number;
}

/**
 * Rows by the hundred thousand, written into the database's file by plain SQL, only while no Worker has it open: what the API would not do in a day. All triggers
 * and indexes are at work (full text, marks of the figures, what is told live), so the file is as if each had come by itself; only the
 * audit log knows nothing of them.
 */
export const fillDatabase = async (stateDir: string, { projectId, leads, neighbours, now }: Filling): Promise<void> => {
  const database = new DatabaseSync(databaseFile(stateDir), { timeout: 5_000 });
  const begin = now - FILLED_DAYS * 86_400_000;
  const run = (sql: string, values: Record<string, SQLInputValue>): void => {
    const named = Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql));
    database.prepare(sql).run(Object.fromEntries(named));
  };
  try {
    database.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -1500000; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON");
    for (const sql of neighbours === 0 ? [] : NEIGHBOURS) run(sql, { begin, first: 1, last: sql.includes("JOIN n") ? ROWS_OF_A_NEIGHBOUR : neighbours });
    const tenant = String(database.prepare("SELECT tenant_id FROM projects WHERE id = ?").get(projectId)?.["tenant_id"]);
    for (let first = 1; first <= leads; first += CHUNK) {
      const after = Number(database.prepare("SELECT coalesce(max(seq), 0) AS last FROM entities").get()?.["last"]);
      const values = { tenant, project: projectId, begin, end: now, count: leads, first, last: Math.min(leads, first + CHUNK - 1), after };
      database.exec("BEGIN");
      run(LEADS, values);
      run(CALLS, values);
      database.exec("COMMIT");
      // For what else this process does, such as being stopped.
      await nextTurn();
    }
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
};
