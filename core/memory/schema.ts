import { sql } from "drizzle-orm";
import { foreignKey, index, integer, primaryKey, sqliteTable, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";

/*
 * Every table that holds a tenant's rows carries `tenant_id`, and points at its project by the pair
 * (project_id, tenant_id), so that the database itself refuses a row that mixes two tenants.
 * Times are integers: milliseconds since the epoch, UTC. Ids sort by time (core/ids.ts).
 * No ON DELETE CASCADE anywhere: drizzle-kit rebuilds a parent by dropping it, and D1 ignores
 * `PRAGMA foreign_keys` inside a migration, so a cascade would take the children along.
 */

export const tenants = sqliteTable("tenants", {
  id: text().primaryKey(),
  name: text().notNull(),
  created_at: integer().notNull(),
  /** What the operator sold them; the operator alone sets it. */
  plan: text().notNull().default("standard"),
  /** Since when the operator lets nobody in; leads are still stored. */
  suspended_at: integer(),
  /** Since when everything of the tenant is being removed. */
  deleted_at: integer(),
  /** The region that they have moved to (`weur`); null: they live here. */
  region: text(),
});

export const users = sqliteTable(
  "users",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull().references(() => tenants.id),
    /** Lower-cased: one person, one account. */
    email: text().notNull().unique(),
    name: text().notNull(),
    role: text({ enum: ["owner", "admin", "agent", "viewer"] }).notNull(),
    password_hash: text().notNull(),
    created_at: integer().notNull(),
    /** When they first showed that mail to `email` reaches them; null: not yet. */
    email_verified_at: integer(),
  },
  (t) => [uniqueIndex("users_id_tenant").on(t.id, t.tenant_id), index("users_tenant").on(t.tenant_id, t.id)],
);

/** Failed logins and mails asked for, kept for the throttles' windows only. `subject` is a hash of the address, and of what it was about. */
export const login_failures = sqliteTable(
  "login_failures",
  { id: text().primaryKey(), subject: text().notNull(), at: integer().notNull() },
  (t) => [index("login_failures_subject").on(t.subject, t.at)],
);

export const projects = sqliteTable(
  "projects",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull().references(() => tenants.id),
    name: text().notNull(),
    /** ISO 3166-1 alpha-2; phones without a country code are read with it. */
    country: text().notNull(),
    /** The current immutable version of dna.custom.yaml in R2; null while nothing was written. Moved by compare-and-set. */
    dna_custom: text(),
    dna_generated: text(),
    /** When the next canary is to be sent (core/dna/canary.ts); null: the DNA asks for none. Moved by compare-and-set. */
    canary_due_at: integer(),
    /** Which canary was judged last, by the time at which it was due. */
    canary_last_at: integer(),
    /** The same time if that one failed, else null. */
    canary_failed_at: integer(),
    /** What was found, in words for a person. */
    canary_detail: text(),
    /** The line that its calls and texts go out by: its number that was added last (schema/numbers.ts); null: the service's own number. */
    from_number: text(),
    /** The Twilio account of that number; null: the service's own. */
    from_account: text(),
    created_at: integer().notNull(),
  },
  (t) => [
    unique("projects_id_tenant").on(t.id, t.tenant_id),
    index("projects_tenant").on(t.tenant_id),
    index("projects_canary_failed").on(t.canary_failed_at).where(sql`canary_failed_at IS NOT NULL`),
    index("projects_canary_due").on(t.canary_due_at).where(sql`canary_due_at IS NOT NULL`),
  ],
);

export const webhook_keys = sqliteTable(
  "webhook_keys",
  {
    project_id: text().notNull(),
    tenant_id: text().notNull(),
    source: text({ enum: ["google_ads", "wordpress", "hunt_mail"] }).notNull(),
    /** SHA-256 of the key: what a request is checked against. */
    key_hash: text().notNull(),
    /** The key itself, sealed by the vault: the owner may look it up again to paste it into a form. */
    key_sealed: text().notNull(),
    created_at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.project_id, t.source] }),
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // A mail names its project by nothing but the key in its address.
    index("webhook_keys_mail").on(t.key_hash).where(sql`source = 'hunt_mail'`),
  ],
);

/** Leads, and whatever later modules keep: schema-less in `metadata`, indexed by the few fields that queries need. */
export const entities = sqliteTable(
  "entities",
  {
    /** Grows with each row; ties the row to its entry in the full-text index. `id` is the name that the world knows. */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    tenant_id: text().notNull().references(() => tenants.id),
    /** Null: belongs to the tenant as a whole. */
    project_id: text(),
    entity_type: text().notNull(),
    name: text().notNull(),
    /** Phone (E.164) if there is one, else e-mail, else "". */
    primary_contact: text().notNull(),
    metadata: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
    status: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.status'))`, { mode: "virtual" }),
    phone: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.phone'))`, { mode: "virtual" }),
    score: integer().generatedAlwaysAs(sql`(json_extract(metadata, '$.score'))`, { mode: "virtual" }),
    source_url: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.source_url'))`, { mode: "virtual" }),
    dedupe_key: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.dedupe_key'))`, { mode: "virtual" }),
    /** The sender's own name for the submission: sent again at any time, it is the same one. */
    delivery_key: text().generatedAlwaysAs(sql`(json_extract(metadata, '$.delivery_key'))`, { mode: "virtual" }),
    email: text().generatedAlwaysAs(sql`(lower(json_extract(metadata, '$.email')))`, { mode: "virtual" }),
    /** Looking for customers of old, nothing was to be done about this one as of then (ms): how far the search need not look again. */
    campaign_seen_at: integer(),
    /** The same, 0 for never: the order in which they are looked at. */
    campaign_order: integer().generatedAlwaysAs(sql`(coalesce(campaign_seen_at, 0))`, { mode: "virtual" }),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    // A list filters by tenant or project, and by type or status or neither; each way has an index that ends in the
    // list's own order, so that a page reads what it shows. Status implies the type, near enough.
    index("entities_tenant").on(t.tenant_id, t.id),
    index("entities_tenant_type").on(t.tenant_id, t.entity_type, t.id),
    index("entities_tenant_status").on(t.tenant_id, t.status, t.id),
    index("entities_project").on(t.project_id, t.id),
    index("entities_project_type").on(t.project_id, t.entity_type, t.id),
    index("entities_project_status").on(t.project_id, t.status, t.id),
    index("entities_phone").on(t.project_id, t.phone, t.id).where(sql`phone IS NOT NULL`),
    index("entities_dedupe").on(t.project_id, t.dedupe_key, t.created_at).where(sql`dedupe_key IS NOT NULL`),
    // Leads that were found in public: those of late, and those that are to be scored or acted on.
    index("entities_found").on(t.project_id, t.id).where(sql`json_extract(metadata, '$.source') = 'sniper'`),
    index("entities_found_open").on(t.project_id, t.score, t.id).where(sql`json_extract(metadata, '$.source') = 'sniper' AND json_extract(metadata, '$.acted') IS NULL AND json_extract(metadata, '$.status') = 'new'`),
    index("entities_delivery").on(t.project_id, t.delivery_key).where(sql`delivery_key IS NOT NULL`),
    index("entities_email").on(t.project_id, t.email, t.id).where(sql`email IS NOT NULL`),
    // Customers of old, the longest unseen first: a campaign's selection reads those that it looks at.
    index("entities_served").on(t.project_id, t.campaign_order, t.id).where(sql`status IN ('won', 'completed')`),
  ],
);

/**
 * One bridge call, and the duty to make it: while `end_reason` is null the sweep wakes the call's object whenever
 * `next_due_at` has passed. The object is the authority while the call is open; this row is what lists read.
 */
export const calls = sqliteTable(
  "calls",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    project_id: text().notNull(),
    lead_id: text().notNull(),
    direction: text({ enum: ["outbound", "inbound"] }).notNull(),
    /** Where the lead came from, as its metadata said when the call was opened. */
    source: text(),
    /** Who took it on the business's side, by name; else whom it was rung first. */
    person: text(),
    /** A synthetic call that proves the path; it is left out of all figures. */
    canary: integer({ mode: "boolean" }).notNull().default(false),
    status: text().notNull(),
    end_reason: text(),
    /** Set while the duty is open. */
    next_due_at: integer(),
    received_at: integer().notNull(),
    ended_at: integer(),
    duration_s: integer(),
    /** The Twilio account that it was made with; null: the service's own. */
    account_sid: text(),
    /** The page whose number was rung. */
    page_id: text(),
    /** The leg that Twilio files the recording under: the parent. */
    call_sid: text(),
    /** Who speaks on the recording's first channel: the parent leg's person. */
    parent_party: text({ enum: ["owner", "customer"] }),
    recording_sid: text(),
    /** Seconds of it, as Twilio says. Of several (a machine's greeting, then the conversation) the longest is the call's. */
    recording_s: integer(),
    /** Where the audio lies in R2; null until it does. */
    recording_key: text(),
    transcription: text({ mode: "json" }).$type<unknown>(),
    analysis: text({ mode: "json" }).$type<unknown>(),
    timeline: text({ mode: "json" }).$type<unknown[]>().notNull(),
    latency: text({ mode: "json" }).$type<Record<string, number | null>>().notNull(),
    /** Grows with each projection, so that a late write never overwrites a newer one. */
    revision: integer().notNull(),
    /** When it was booked in the ledger (schema/usage.ts); null: not yet. */
    metered_at: integer(),
    /** Of the request that brought it about, so that what the sweep makes good bears it too; null: nobody's. */
    request_id: text(),
    created_at: integer().notNull(),
    updated_at: integer().notNull(),
  },
  (t) => [
    foreignKey({ columns: [t.project_id, t.tenant_id], foreignColumns: [projects.id, projects.tenant_id] }),
    index("calls_unmetered").on(t.ended_at).where(sql`ended_at IS NOT NULL AND metered_at IS NULL`),
    index("calls_tenant").on(t.tenant_id, t.id),
    index("calls_project").on(t.project_id, t.id),
    index("calls_page").on(t.project_id, t.id).where(sql`page_id IS NOT NULL`),
    index("calls_lead").on(t.lead_id, t.id),
    // Twilio tells of an incoming call again when it got no answer: it is one call all the same.
    uniqueIndex("calls_incoming").on(t.call_sid).where(sql`direction = 'inbound'`),
    index("calls_due").on(t.next_due_at).where(sql`next_due_at IS NOT NULL`),
    index("calls_account").on(t.tenant_id, t.account_sid).where(sql`account_sid IS NOT NULL`),
  ],
);

/** How an attempt failed. */
export interface RunTry {
  /** Which it was, from 1. */
  attempt: number;
  at: number;
  code: string;
  /** As in the run's `error`: no words of a bug's. */
  message: string;
  /** Where in our code, innermost first; null where nobody was left to say. */
  trace: string | null;
}

/** A job: its input, its claim and its outcome. The queue's message only names it. */
export const runs = sqliteTable(
  "runs",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    /** As the caller named it. No foreign key: onboarding is a run that makes its project. The dispatcher checks whose it is. */
    project_id: text(),
    task: text().notNull(),
    action: text(),
    params: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    status: text({ enum: ["queued", "running", "succeeded", "failed", "dead"] }).notNull(),
    /** Grows at every claim and fences the writes of an older one. */
    attempts: integer().notNull(),
    /** Attempts in a row that failed or died. What ends "more to do" is none of them. */
    failures: integer().notNull().default(0),
    /** What its attempts have spent on models, in micro-dollars; its parts have their own. */
    cost_micros: integer().notNull().default(0),
    /** While open: when the sweep must look at it again (next attempt, or the claim's expiry). */
    next_due_at: integer(),
    /** Since when it waits for another of the tenant's bulk runs to end; then nothing is due before one has. */
    parked_at: integer(),
    /** When somebody called it off; its attempt at that time may still have been at work. */
    canceled_at: integer(),
    /** The request that asked for it: one search shows all that came of it. */
    request_id: text(),
    /** Same key in a tenant, same run. */
    idempotency_key: text(),
    parent_id: text(),
    progress: text({ mode: "json" }).$type<{ done: number; total: number; label: string; steps?: "parts" }>().notNull(),
    result: text({ mode: "json" }).$type<unknown>(),
    error: text({ mode: "json" }).$type<{ code: string; message: string } | null>(),
    /** Of its attempts that failed, or whose claimant died, the last ten. Goes with what it was given when a person is erased. */
    tries: text({ mode: "json" }).$type<RunTry[] | null>(),
    created_at: integer().notNull(),
    started_at: integer(),
    finished_at: integer(),
  },
  (t) => [
    index("runs_tenant").on(t.tenant_id, t.id),
    index("runs_task").on(t.project_id, t.task, t.id),
    index("runs_parent").on(t.parent_id, t.status).where(sql`parent_id IS NOT NULL`),
    index("runs_parked").on(t.tenant_id, t.id).where(sql`parked_at IS NOT NULL`),
    index("runs_running").on(t.tenant_id).where(sql`status = 'running'`),
    index("runs_died").on(t.finished_at).where(sql`status = 'dead'`),
    index("runs_dead").on(t.tenant_id, t.id).where(sql`status = 'dead'`),
    index("runs_due").on(t.next_due_at).where(sql`next_due_at IS NOT NULL`),
    uniqueIndex("runs_idempotency").on(t.tenant_id, t.idempotency_key).where(sql`idempotency_key IS NOT NULL`),
  ],
);

/** Append-only (triggers refuse change and removal). Ids, never personal data: a person can be erased, the record stays. */
export const audit = sqliteTable(
  "audit",
  {
    id: text().primaryKey(),
    tenant_id: text().notNull(),
    at: integer().notNull(),
    /** `user:…`, `key:…`, `vendor:…` or `system:…`. */
    actor: text().notNull(),
    ip: text(),
    action: text().notNull(),
    resource: text().notNull(),
    details: text({ mode: "json" }).$type<Record<string, unknown>>().notNull(),
    request_id: text(),
  },
  // Within a tenant by rowid, which every index ends in: the order in which rows were committed, whatever a clock said.
  // Alerts count the few warnings of the last hour, over all tenants.
  (t) => [index("audit_tenant").on(t.tenant_id), index("audit_cap_warned").on(t.at).where(sql`action = 'cap.warned'`)],
);

/** People who said stop, per channel, and phones that cannot be reached by it. The consent gate reads it before every contact. */
export const opt_outs = sqliteTable(
  "opt_outs",
  {
    tenant_id: text().notNull().references(() => tenants.id),
    phone: text().notNull(),
    channel: text({ enum: ["call", "sms"] }).notNull(),
    /** `undeliverable`: nobody said stop, but texts do not arrive there. An opt-out takes its place, never the other way round. */
    kind: text({ enum: ["opt_out", "undeliverable"] }).notNull().default("opt_out"),
    reason: text().notNull(),
    created_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.phone, t.channel] })],
);

/** Answers kept for 24 h under the caller's Idempotency-Key. */
export const idempotency = sqliteTable(
  "idempotency",
  {
    tenant_id: text().notNull(),
    key: text().notNull(),
    /** SHA-256 of method, path and body: the same key with another request is a mistake. */
    request_hash: text().notNull(),
    /** Null while the first request is still running. */
    status: integer(),
    body: text(),
    created_at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenant_id, t.key] })],
);

export * from "./schema/messages.ts";
export * from "./schema/dna.ts";
export * from "./schema/security.ts";
export * from "./schema/numbers.ts";
export * from "./schema/identity.ts";
export * from "./schema/context.ts";
export * from "./schema/leases.ts";
export * from "./schema/pages.ts";
export * from "./schema/similar.ts";
export * from "./schema/hunting.ts";
export * from "./schema/hosting.ts";
export * from "./schema/usage.ts";
export * from "./schema/operations.ts";
export * from "./schema/live.ts";
export * from "./schema/campaigns.ts";
export * from "./schema/figures.ts";
export * from "./schema/webhooks.ts";
export * from "./schema/claims.ts";
