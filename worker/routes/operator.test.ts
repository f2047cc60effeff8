import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openDatabase } from "../../core/memory/database.ts";
import { rotateSealed } from "../../core/memory/sealed.ts";
import { createVault } from "../../core/security/vault.ts";
import { asUser, makeProject, postForm, request, signUp, type TestProject } from "../../test/support/api.ts";
import worker from "../index.ts";

const SECRET = "an-operators-secret-for-tests-0123456789";
const operator = asUser(SECRET);
const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;
const tenants = async () => z.object({ items: z.array(z.looseObject({ id: z.string() })), next_cursor: z.string().nullable() }).parse(await (await operator("GET", "/api/operator/tenants?limit=200")).json());

describe("the operator's door", () => {
  const paths = [["GET", "/api/operator/tenants"], ["POST", "/api/operator/tenants/ten_x/suspend"], ["POST", "/api/operator/vault/rotate"], ["GET", "/api/operator/backups"], ["POST", "/api/operator/backups/restore"]] as const;

  it.each(paths)("%s %s opens by the operator's secret only, never by a tenant's token", async (method, path) => {
    const { token } = await signUp();
    for (const given of [token, "", `${SECRET}x`, SECRET.slice(0, -1)]) expect([given, await statusOf(asUser(given)(method, path))]).toEqual([given, 401]);
    expect(await statusOf(request(path, { method }))).toBe(401);
  });

  it.each(paths)("%s %s is not there where no secret is set", async (method, path) => {
    const closed = { ...env, APEX_OPERATOR_SECRET: undefined } as unknown as Cloudflare.Env;
    const answer = await worker.fetch(new Request(`https://apex.test${path}`, { method, headers: { Authorization: `Bearer ${SECRET}` } }), closed, createExecutionContext());
    expect(answer.status).toBe(404);
  });

  it("lists tenants, sets their plan and writes both down in the tenant's audit log", async () => {
    const project = await makeProject();
    expect(await statusOf(operator("POST", `/api/operator/tenants/${project.tenant_id}/plan`, { plan: "pro" }))).toBe(204);
    expect((await tenants()).items.find((tenant) => tenant.id === project.tenant_id)).toMatchObject({ plan: "pro", projects: 1, suspended_at: null });
    expect(await (await project.api("GET", "/api/audit?action=tenant.plan_set")).json()).toMatchObject({ items: [{ actor: "operator", resource: `tenant:${project.tenant_id}`, details: { plan: "pro" } }] });
    expect(await statusOf(operator("POST", "/api/operator/tenants/ten_nobody/plan", { plan: "pro" }))).toBe(404);
    expect(await statusOf(operator("POST", `/api/operator/tenants/${project.tenant_id}/plan`, { plan: "Robert'); DROP" }))).toBe(422);
  });

  it("suspends a tenant: its API answers 403, its leads are still stored; and lets it in again", async () => {
    const project = await makeProject();
    for (let i = 0; i < 2; i++) expect(await statusOf(operator("POST", `/api/operator/tenants/${project.tenant_id}/suspend`))).toBe(204);
    const refused = await project.api("GET", "/api/entities");
    expect([refused.status, await refused.json()]).toEqual([403, expect.objectContaining({ code: "tenant_suspended" })]);
    expect(await statusOf(postForm(project, { email: "jo@example.nz", message: "still here" }))).toBe(200);
    const other = await makeProject();
    expect(await statusOf(other.api("GET", "/api/entities"))).toBe(200);
    expect(await statusOf(operator("POST", `/api/operator/tenants/${project.tenant_id}/unsuspend`))).toBe(204);
    expect(await (await project.api("GET", "/api/entities?type=lead")).json()).toMatchObject({ items: [{ metadata: { message: "still here" } }] });
    expect(await (await project.api("GET", "/api/audit?action=tenant.suspended")).json()).toMatchObject({ items: [{ actor: "operator" }] });
  });
});

const wordpress = (project: Pick<TestProject, "id">): string => `/api/projects/${project.id}/secrets/wordpress`;
const SITE = { url: "https://acme-plumbing.example/wp", username: "apex", application_password: "abcd EFGH 1234 ijkl" };

describe("the WordPress secret", () => {
  it("is kept sealed, shown without its password, replaced by the next, and written down", async () => {
    const project = await makeProject();
    expect(await statusOf(project.api("GET", wordpress(project)))).toBe(404);
    expect(await statusOf(project.api("PUT", wordpress(project), SITE))).toBe(204);
    expect(await statusOf(project.api("PUT", wordpress(project), { ...SITE, username: "editor" }))).toBe(204);
    expect(await (await project.api("GET", wordpress(project))).json()).toEqual({ url: SITE.url, username: "editor", application_password: "••••" });
    const rows = await env.DB.prepare("SELECT * FROM secrets WHERE project_id = ?").bind(project.id).all();
    expect(rows.results).toHaveLength(1);
    expect(JSON.stringify(rows.results)).not.toContain("EFGH");
    expect(await (await project.api("GET", "/api/audit?action=secret.written")).json()).toMatchObject({ items: [{ details: { name: "wordpress" } }, {}] });
  });

  it.each(["http://127.0.0.1", "http://169.254.169.254/", "https://user:pass@acme.example", "ftp://acme.example", "http://localhost:8080", "acme.example"])("refuses the address %s with 422 and a path", async (url) => {
    const project = await makeProject();
    const answer = await project.api("PUT", wordpress(project), { ...SITE, url });
    expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ code: "url_refused", errors: [expect.objectContaining({ path: "url" })] })]);
    expect(await statusOf(project.api("GET", wordpress(project)))).toBe(404);
  });

  it("is no stranger's", async () => {
    const project = await makeProject();
    await project.api("PUT", wordpress(project), SITE);
    const stranger = asUser((await signUp()).token);
    expect([await statusOf(stranger("GET", wordpress(project))), await statusOf(stranger("PUT", wordpress(project), SITE))]).toEqual([404, 404]);
  });

  it("does not open in another row", async () => {
    const [one, two] = [await makeProject(), await makeProject()];
    await one.api("PUT", wordpress(one), SITE);
    const sealed = (await env.DB.prepare("SELECT sealed FROM secrets WHERE project_id = ?").bind(one.id).first<{ sealed: string }>())?.sealed ?? "";
    const vault = createVault("a-key-for-tests-0123456789");
    expect(await vault.open(sealed, { tenant_id: one.tenant_id, project_id: one.id, name: "wordpress" })).toBe(SITE.application_password);
    await expect(vault.open(sealed, { tenant_id: two.tenant_id, project_id: two.id, name: "wordpress" })).rejects.toMatchObject({ code: "vault_unreadable" });
  });
});

describe("the vault's rotation", () => {
  const OLD = "a-key-for-tests-0123456789";
  const NEW = "a-newer-key-for-tests-9876543210";
  const db = openDatabase(env.DB);
  const rotateAll = async (vault: ReturnType<typeof createVault>, limit: number) => {
    const total = { checked: 0, rotated: 0, failed: 0, pages: 0 };
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof rotateSealed>> = await rotateSealed({ db, vault }, cursor, limit);
      total.checked += page.checked;
      total.rotated += page.rotated;
      total.failed += page.failed;
      total.pages += 1;
      cursor = page.next_cursor;
    } while (cursor !== null);
    return total;
  };

  it("seals every column again with the newest key, page by page, and finds nothing to do the second time", async () => {
    const project = await makeProject();
    await project.api("PUT", wordpress(project), SITE);
    const vault = createVault(`${NEW},${OLD}`);
    const first = await rotateAll(vault, 3);
    expect(first).toMatchObject({ rotated: first.checked, failed: 0 });
    expect(first.pages).toBeGreaterThan(2);
    expect(await rotateAll(vault, 3)).toMatchObject({ checked: first.checked, rotated: 0 });
    const sealed = (await env.DB.prepare("SELECT sealed FROM secrets WHERE project_id = ?").bind(project.id).first<{ sealed: string }>())?.sealed ?? "";
    const place = { tenant_id: project.tenant_id, project_id: project.id, name: "wordpress" };
    expect(await createVault(NEW).open(sealed, place)).toBe(SITE.application_password);
    const key = (await env.DB.prepare("SELECT key_sealed FROM webhook_keys WHERE project_id = ? AND source = 'wordpress'").bind(project.id).first<{ key_sealed: string }>())?.key_sealed ?? "";
    expect(await createVault(NEW).open(key, { ...place, name: "webhook:wordpress" })).toBe(project.keys.wordpress);
    // Back again, so that the Worker of this file, which knows the old key only, goes on.
    await rotateAll(createVault(`${OLD},${NEW}`), 100);
  });

  it("leaves a value alone that somebody replaced meanwhile, and goes on past one that cannot be opened", async () => {
    const [one, two] = [await makeProject(), await makeProject()];
    for (const project of [one, two]) await project.api("PUT", wordpress(project), SITE);
    await env.DB.prepare("UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE project_id = ?1) WHERE project_id = ?2").bind(one.id, two.id).run();
    const genuine = createVault(`${NEW},${OLD}`);
    const slow = {
      ...genuine,
      open: async (...given: Parameters<typeof genuine.open>) => {
        const opened = await genuine.open(...given);
        if (given[1].project_id === one.id && given[1].name === "wordpress") await env.DB.prepare("UPDATE secrets SET sealed = 'meanwhile' WHERE project_id = ?").bind(one.id).run();
        return opened;
      },
    };
    const total = await rotateAll(slow, 100);
    expect(total.failed).toBe(1);
    expect((await env.DB.prepare("SELECT sealed FROM secrets WHERE project_id = ?").bind(one.id).first<{ sealed: string }>())?.sealed).toBe("meanwhile");
    await rotateAll(createVault(`${OLD},${NEW}`), 100);
  });

  it("is an operator's command, a page a request, and written down", async () => {
    await makeProject();
    const page = z.object({ checked: z.number(), rotated: z.number(), failed: z.number(), next_cursor: z.string().nullable() }).parse(await (await operator("POST", "/api/operator/vault/rotate")).json());
    expect(page.checked).toBeGreaterThan(0);
    expect(page.rotated).toBe(0);
    expect(await statusOf(operator("POST", `/api/operator/vault/rotate?cursor=${encodeURIComponent(page.next_cursor ?? "nowhere:")}`))).toBe(200);
  });
});
