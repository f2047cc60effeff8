import { generateKeyPairSync } from "node:crypto";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { z } from "zod";
import { createClock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import { systemActor } from "../core/memory/actor.ts";
import { createMemory } from "../core/memory/memory.ts";
import { pageMetadata } from "../agents/pseo/pages.testing.ts";
import { fresh, type TestProject } from "../test/support/api.ts";

export type Name = "project" | "lead" | "page" | "call" | "run" | "key" | "member" | "invitation" | "session" | "export" | "version" | "photo" | "campaign" | "hunt" | "endpoint" | "delivery";
export type Ids = Record<Name, string>;

export const PHONE = "+64211239876";
export const HOST = "pages.hemlock-quay.example";
/** Said in every row of the victim's that has words, and nowhere else. */
export const MARK = "Hemlock-Quay";

export const listSchema = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })), next_cursor: z.string().nullable().optional() });
const idSchema = z.looseObject({ id: z.string() });

const rsaKey = (): string => generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } }).privateKey;
const get = async <T>(schema: z.ZodType<T>, project: TestProject, path: string): Promise<T> => schema.parse(await (await project.api("GET", path)).json());
const made = async (project: TestProject, path: string, body: unknown): Promise<string> => idSchema.parse(await (await project.api("POST", path, body)).json()).id;

/** Every row of a tenant's, in every table. */
export const rowsOf = async (tenantId: string): Promise<Record<string, unknown[]>> => {
  const { results: tables } = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%`tenant_id`%'").all<{ name: string }>();
  const rows = tables.map(async ({ name }): Promise<[string, unknown[]]> => [name, (await env.DB.prepare(`SELECT * FROM "${name}" WHERE tenant_id = ? ORDER BY rowid`).bind(tenantId).all()).results]);
  return Object.fromEntries(await Promise.all(rows));
};

/** What was asked for is done. The run that follows the DNA waits for a sweep, and none comes here. */
const settle = async (project: TestProject): Promise<void> => {
  await vi.waitUntil(async () => (await get(z.object({ items: z.array(z.looseObject({ task: z.string(), status: z.string() })) }), project, "/api/runs")).items.every(({ task, status }) => task === "context_sync" || (status !== "queued" && status !== "running")), { timeout: 20_000, interval: 20 });
};

/** A tenant that has one of everything. */
export const furnish = async (project: TestProject): Promise<Ids> => {
  const memory = createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
  const lead = await made(project, "/api/entities", { project_id: project.id, entity_type: "lead", name: MARK, primary_contact: PHONE, metadata: { phone: PHONE, status: "called" } });
  await made(project, "/api/entities", { project_id: project.id, entity_type: "lead", name: MARK, primary_contact: PHONE });
  const page = await memory.keyed.putOnce({ project_id: project.id, entity_type: "page", dedupe_key: "page:x/y/service", name: MARK, metadata: pageMetadata({ primary_keyword: MARK }) });
  const call = await memory.calls.openFor({ id: lead, project_id: project.id, source: "manual", canary: false }, 86_400_000);
  const me = await get(z.object({ user: idSchema }), project, "/api/auth/me");
  const invitation = newId("inv", Date.now());
  await memory.invitations.create({ id: invitation, token_hash: "x", email: `${fresh("guest")}@example.nz`, role: "viewer", invited_by: me.user.id, subject: "x" });
  await project.api("PUT", `/api/projects/${project.id}/blocklist/${encodeURIComponent(PHONE)}`, { reason: MARK });
  await project.api("PUT", `/api/projects/${project.id}/secrets/wordpress`, { url: "https://acme.example", username: MARK, application_password: MARK });
  await project.api("PUT", `/api/projects/${project.id}/secrets/search-console`, { site_url: "sc-domain:acme.example", client_email: `${MARK.toLowerCase().replaceAll(/[^a-z0-9]/g, "")}@acme.example`, private_key: rsaKey() });
  await project.api("PUT", `/api/projects/${project.id}/secrets/webhook-signing`, { scheme: "wpforms", secret: MARK });
  await memory.numbers.put(project.id, PHONE, { account_sid: "ACtheirs", token_sealed: MARK }, null);
  await memory.destinations.open({ project_id: project.id, phone: PHONE, channel: "sms", code_hash: MARK });
  await memory.pageHosts.ask(project.id, HOST);
  const key = `${project.tenant_id}/hosted/${project.id}/media/${"0".repeat(64)}.png`;
  await env.STORAGE.put(key, MARK);
  const photo = await made(project, "/api/entities", { project_id: project.id, entity_type: "image", name: MARK, metadata: { kind: "photo", status: "uploaded", key, sha256: "0".repeat(64), content_type: "image/png", bytes: 12, width: 900, height: 600, alt: MARK, attribution: null, dedupe_key: "image:photo:0", service: null, page_id: null, caption: null } });
  const archive = z.object({ export_id: z.string() }).parse(await (await project.api("POST", "/api/export", {})).json()).export_id;
  const run = z.object({ run_id: z.string() }).parse(await (await project.api("POST", "/api/run", { task: "lead_gen_manager", action: "dashboard_stats", project_id: project.id })).json()).run_id;
  await settle(project);
  const settings = { inactive_months: 6, cooldown_months: 6, daily_limit: 1, per_minute: 1, limit: 1, message_template: MARK, personalised: false, max_opt_out_percent: 3, opt_out_after: 1 };
  const campaign = await memory.campaigns.open({ project_id: project.id, run_id: run, starts_itself: false, settings });
  await memory.campaignRecipients.addPage(campaign, { chosen: [{ lead_id: lead, phone: PHONE }], left_out: [], position: { seen_at: 0, id: lead } });
  const { run: hunt } = await memory.runs.create({ project_id: project.id, task: "sniper_agent", action: "hunt", params: { text: MARK } }, 86_400_000);
  const claimed = await memory.runs.claim(hunt.id, 86_400_000);
  if (claimed !== null) await memory.runs.finish(claimed, { status: "succeeded", result: MARK }, { done: 1, total: 1, label: MARK });
  const endpoint = await memory.webhookEndpoints.create({ id: memory.webhookEndpoints.newId(), project_id: project.id, url: "https://acme.example/hook", description: MARK, events: ["run.dead"], secret_sealed: MARK });
  const delivery = await memory.webhookDeliveries.test(endpoint, "webhook.test");
  // Off, so that nothing is sent while rows are compared.
  await memory.webhookEndpoints.change(endpoint.id, { enabled: false });
  const versions = await get(z.object({ items: z.array(z.looseObject({ version: z.union([z.string(), z.number()]) })) }), project, `/api/projects/${project.id}/dna/custom/versions`);
  return {
    photo, project: project.id, lead, page: page.id, call: call.id, run, invitation, member: me.user.id, export: archive, campaign: campaign.id, hunt: hunt.id, endpoint: endpoint.id, delivery: delivery.id,
    key: await made(project, "/api/api-keys", { name: MARK, scopes: ["leads:read"] }),
    session: (await get(listSchema, project, "/api/auth/sessions")).items[0]?.id ?? "",
    version: String(versions.items[0]?.version ?? ""),
  };
};
