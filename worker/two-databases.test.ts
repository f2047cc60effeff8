import { applyD1Migrations, createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { asUser, fresh, makeProject, postForm, request, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

/*
 * A region that has had a second database added (docs/growth.md), over HTTP: Worker, objects and queues all have both. `makeProject` makes a tenant
 * of before, in the first; who signs up now is in the second.
 */

const SECRET = "an-operators-secret-for-tests-0123456789";
const second = (): D1Database => {
  if (env.DB_2 === undefined) throw new Error("DB_2 is not bound: see vitest.config.ts");
  return env.DB_2;
};

let twilio: TwilioWire;
beforeAll(async () => {
  await applyD1Migrations(second(), env.TEST_MIGRATIONS);
  // Mail, which signing up sends, is taken.
  twilio = standInForTwilio(async ({ url }) => Promise.resolve(url.startsWith("https://mail.test/") ? Response.json({ id: crypto.randomUUID() }) : undefined));
});
afterAll(() => twilio.restore());

const json = async <Schema extends z.ZodType>(schema: Schema, answer: Promise<Response>): Promise<z.infer<Schema>> => schema.parse(await (await answer).json());
const idSchema = z.object({ id: z.string() });
const itemsSchema = z.object({ items: z.array(z.looseObject({ id: z.string() })) });
const webhooksSchema = z.object({ google_ads: z.object({ key: z.string() }), wordpress: z.object({ key: z.string() }) });

let people = 0;
/** A business of today's, as its owner makes it. */
const makeNewProject = async (): Promise<TestProject> => {
  const account = { email: `newcomer-${++people}@example.nz`, password: "correct horse battery" };
  const send = async (path: string): Promise<Response> => request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(account) });
  const { tenant_id } = await json(z.object({ tenant_id: z.string() }), send("/api/auth/signup"));
  const { token } = await json(z.object({ token: z.string() }), send("/api/auth/login"));
  const api = asUser(token);
  const [id, owner] = [fresh("new"), `+6421200${1000 + people}`];
  expect((await api("POST", "/api/projects", { project_id: id, name: "Acme", country: "NZ" })).status).toBe(201);
  expect((await api("PUT", `/api/projects/${id}/dna/custom`, `modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}"}}}`, { "Content-Type": "application/yaml" })).status).toBe(200);
  const keys = await json(webhooksSchema, api("GET", `/api/projects/${id}/webhooks`));
  return { id, tenant_id, token, api, owner, keys: { google_ads: keys.google_ads.key, wordpress: keys.wordpress.key } };
};
const leadsOf = async (project: TestProject): Promise<string[]> => (await json(itemsSchema, project.api("GET", "/api/entities?type=lead"))).items.map(({ id }) => id);
const countIn = async (d1: D1Database, table: string, tenantId: string): Promise<number> => Number(await d1.prepare(`SELECT count(*) AS n FROM "${table}" WHERE tenant_id = ?`).bind(tenantId).first("n"));

describe("a region with two databases", () => {
  it("takes a form in by the names in its address, wherever its project is, and rings that business alone", async () => {
    const [old, young] = [await makeProject(), await makeNewProject()];
    expect([old.tenant_id, young.tenant_id]).toEqual([expect.stringMatching(/^ten_[0-9a-f]{32}$/), expect.stringMatching(/^ten_[0-9a-f]{32}_2$/)]);
    for (const project of [old, young]) {
      const { lead_id } = await json(z.object({ lead_id: z.string() }), postForm(project, { name: "Jane", phone: "021 123 4567" }));
      expect(await leadsOf(project)).toEqual([lead_id]);
      await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    }
    // What objects and agents then write is with the tenant's other rows.
    await vi.waitUntil(async () => (await countIn(second(), "calls", young.tenant_id)) === 1 && (await countIn(env.DB, "calls", old.tenant_id)) === 1, { timeout: 20_000, interval: 20 });
    for (const table of ["projects", "entities", "calls", "runs", "audit"]) {
      expect([table, await countIn(env.DB, table, young.tenant_id), await countIn(second(), table, old.tenant_id)]).toEqual([table, 0, 0]);
    }
    expect((await postForm({ ...young, keys: old.keys }, { name: "Jane", phone: "021 123 4567" })).status).toBe(401);
  });

  it("shows nobody what is another's, within a database and across", async () => {
    const tenants = [await makeProject(), await makeNewProject(), await makeNewProject()];
    const owned = await Promise.all(tenants.map(async (project) => {
      const lead = await json(idSchema, project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567" } }));
      const key = await json(idSchema, project.api("POST", "/api/api-keys", { name: "ci", scopes: ["leads:read"] }));
      return { project, lead: lead.id, key: key.id };
    }));
    for (const mine of owned) {
      expect(await leadsOf(mine.project)).toEqual([mine.lead]);
      for (const theirs of owned.filter((one) => one !== mine)) {
        const asked: [method: string, path: string, body?: unknown][] = [
          ["GET", `/api/entities/${theirs.lead}`], ["PATCH", `/api/entities/${theirs.lead}`, { name: "Mine" }], ["DELETE", `/api/entities/${theirs.lead}`],
          ["GET", `/api/projects/${theirs.project.id}`], ["GET", `/api/projects/${theirs.project.id}/dna`], ["GET", `/api/projects/${theirs.project.id}/webhooks`], ["DELETE", `/api/api-keys/${theirs.key}`],
        ];
        for (const [method, path, body] of asked) expect([method, path, (await mine.project.api(method, path, body)).status]).toEqual([method, path, 404]);
        // A name that is had once is had once in the region.
        expect((await mine.project.api("POST", "/api/projects", { project_id: theirs.project.id, name: "Acme", country: "NZ" })).status).toBe(409);
      }
    }
    for (const { project, lead } of owned) expect(await (await project.api("GET", `/api/entities/${lead}`)).json()).toMatchObject({ name: "Jane" });
  });

  it("sweeps both: a duty that nobody took up is dialled, and audit logs are sealed, in each", async () => {
    const projects = [await makeProject(), await makeNewProject()];
    for (const [place, project] of projects.entries()) {
      const lead = await json(idSchema, project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Due", metadata: { phone: "+64211234567", status: "new" } }));
      await [env.DB, second()][place]?.prepare(
        `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, next_due_at, received_at, timeline, latency, revision, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, 'outbound', 'queued', 1, ?5, '[]', '{}', 0, ?5, ?5)`,
      ).bind(`call_${lead.id}`, project.tenant_id, project.id, lead.id, Date.now()).run();
    }
    const ctx = createExecutionContext();
    await worker.scheduled(createScheduledController(), env);
    await waitOnExecutionContext(ctx);
    for (const [place, project] of projects.entries()) {
      await twilio.until(() => twilio.dialsTo(project.owner)[0]);
      expect(await countIn([env.DB, second()][place] ?? env.DB, "audit_seals", project.tenant_id)).toBeGreaterThan(0);
    }
    await worker.scheduled(createScheduledController(), env);
    for (const project of projects) expect(twilio.dialsTo(project.owner)).toHaveLength(1);
  });

  it("lists both databases' tenants for the operator, newest first, a page at a time", async () => {
    const [old, young] = [await makeProject(), await makeNewProject()];
    const pageSchema = z.object({ items: z.array(z.object({ id: z.string(), projects: z.number() })), next_cursor: z.string().nullable() });
    const seen: z.infer<typeof pageSchema>["items"] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: z.infer<typeof pageSchema> = await json(pageSchema, asUser(SECRET)("GET", `/api/operator/tenants?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`));
      seen.push(...page.items);
      cursor = page.next_cursor;
    }
    for (const { tenant_id } of [old, young]) expect(seen.filter(({ id }) => id === tenant_id)).toEqual([{ id: tenant_id, projects: 1 }]);
    expect(seen.map(({ id }) => id)).toEqual(seen.map(({ id }) => id).toSorted().toReversed());
  });
});
