import { applyD1Migrations, createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, makeProject, postForm, signUp } from "../../test/support/api.ts";
import worker from "../index.ts";

const SECRET = "an-operators-secret-for-tests-0123456789";
const REGIONS = "oc=https://oc.api.test, weur=https://weur.api.test/";

/** The same code and data as two deployments: each signs with a secret of its own. */
const oc = { ...env, APEX_REGION: "oc", APEX_REGIONS: REGIONS };
const weur = { ...env, APEX_REGION: "weur", APEX_REGIONS: REGIONS, APEX_JWT_SECRET: "another-secret-for-tests-0123456789", DB: env.SECOND };

const ask = async (region: Cloudflare.Env, method: string, path: string, token: string | null, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
  const headers = { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), "Content-Type": "application/json" };
  const response = await worker.fetch(new Request(`https://apex.test${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }), region, createExecutionContext());
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)) };
};
const wrong = (base_url: string) => ({ status: 421, body: expect.objectContaining({ status: 421, code: "wrong_region", title: "Misdirected Request", base_url }) as unknown });

await applyD1Migrations(env.SECOND, env.TEST_MIGRATIONS);

describe("a request to the wrong region", () => {
  it("is told by its access token, and by its API key, where to go", async () => {
    const { email } = await signUp();
    const session = z.object({ token: z.string() }).parse((await ask(oc, "POST", "/api/auth/login", null, { email, password: "correct horse battery" })).body);
    expect((await ask(oc, "GET", "/api/auth/me", session.token)).status).toBe(200);
    expect(await ask(weur, "GET", "/api/auth/me", session.token)).toEqual(wrong("https://oc.api.test"));

    const { key } = z.object({ key: z.string() }).parse((await ask(oc, "POST", "/api/api-keys", session.token, { name: "ci", scopes: ["leads:read"] })).body);
    expect(key).toMatch(/^apex_oc_[0-9A-Za-z]{46}$/);
    expect((await ask(oc, "GET", "/api/entities", key)).status).toBe(200);
    expect(await ask(weur, "GET", "/api/entities", key)).toEqual(wrong("https://oc.api.test"));
  });

  it("learns nothing but what is public: a made-up region, our own, and nonsense are refused as ever", async () => {
    const claim = (region: unknown) => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ region, sub: "usr_x" }))}.`.replaceAll("=", "");
    for (const token of [claim("weur"), claim("mars"), claim("__proto__"), claim({ a: 1 }), "x.y.z", `apex_weur_${"a".repeat(46)}`, `apex_mars_${"a".repeat(46)}`]) {
      expect([token, (await ask(weur, "GET", "/api/auth/me", token)).status]).toEqual([token, 401]);
    }
    expect(await ask(weur, "GET", "/api/auth/me", claim("oc"))).toEqual(wrong("https://oc.api.test"));
  });
});

describe("the tenant directory", () => {
  it("sends a tenant that has moved to its new region, by token, by key and at the login; its old forms still work until they are changed", async () => {
    const project = await makeProject();
    const { token, email } = await signUp();
    const { key } = z.object({ key: z.string() }).parse(await (await asUser(project.token)("POST", "/api/api-keys", { name: "ci", scopes: ["leads:read"] })).json());
    const tenantOf = async (bearer: string) => z.object({ tenant_id: z.string() }).parse(await (await asUser(bearer)("GET", "/api/auth/me")).json()).tenant_id;
    const other = await tenantOf(token);
    for (const tenant of [project.tenant_id, other]) expect((await ask(oc, "POST", `/api/operator/tenants/${tenant}/region`, SECRET, { region: "weur" })).status).toBe(204);

    for (const credential of [project.token, key]) expect(await ask(oc, "GET", "/api/entities", credential)).toEqual(wrong("https://weur.api.test"));
    expect(await ask(oc, "POST", "/api/auth/login", null, { email, password: "correct horse battery" })).toEqual(wrong("https://weur.api.test"));
    // Who does not know the password is not told where anybody lives.
    expect((await ask(oc, "POST", "/api/auth/login", null, { email, password: "wrong horse battery" })).status).toBe(401);
    expect((await postForm(project, { email: "jo@example.nz", message: "my old form" })).status).toBe(200);

    expect((await ask(oc, "POST", `/api/operator/tenants/${project.tenant_id}/region`, SECRET, { region: "oc" })).status).toBe(204);
    expect((await ask(oc, "GET", "/api/entities", key)).body).toMatchObject({ items: [{ metadata: { message: "my old form" } }] });
    expect(await (await project.api("GET", "/api/audit?action=tenant.region_set")).json()).toMatchObject({ items: [{ actor: "operator", details: { region: null } }, { details: { region: "weur" } }] });
  });

  it("pauses the campaigns of a tenant that moves: the other region may have them too", async () => {
    const [moved, stays] = [await makeProject(), await makeProject()];
    const campaignsOf = async () => (await env.DB.prepare("SELECT tenant_id, status, pause_reason FROM campaigns ORDER BY id").all()).results;
    for (const [at, { id, tenant_id }, status] of [[1, moved, "running"], [2, moved, "preview"], [3, stays, "running"]] as const) {
      await env.DB.prepare("INSERT INTO campaigns (id, tenant_id, project_id, run_id, status, starts_itself, settings, left_out, round, guard_from, sent, created_at) VALUES (?1, ?2, ?3, ?1, ?4, 0, '{}', '{}', 1, 1, 0, 1)").bind(`cmp_${at}`, tenant_id, id, status).run();
    }
    await ask(oc, "POST", `/api/operator/tenants/${moved.tenant_id}/region`, SECRET, { region: "weur" });
    expect(await campaignsOf()).toEqual([
      { tenant_id: moved.tenant_id, status: "paused", pause_reason: "by_hand" },
      { tenant_id: moved.tenant_id, status: "preview", pause_reason: null },
      { tenant_id: stays.tenant_id, status: "running", pause_reason: null },
    ]);
    await ask(oc, "POST", `/api/operator/tenants/${moved.tenant_id}/region`, SECRET, { region: "oc" });
    expect(await (await moved.api("GET", "/api/audit?action=campaign.paused")).json()).toMatchObject({ items: [{ actor: "operator", details: { region: "weur" } }] });
  });

  it("takes only regions that there are, from the operator alone", async () => {
    const { token } = await signUp();
    expect(await ask(oc, "POST", "/api/operator/tenants/ten_x/region", SECRET, { region: "mars" })).toMatchObject({ status: 422, body: { errors: [{ path: "region" }] } });
    expect((await ask(oc, "POST", "/api/operator/tenants/ten_x/region", SECRET, { region: "weur" })).status).toBe(404);
    expect((await ask(oc, "POST", "/api/operator/tenants/ten_x/region", token, { region: "weur" })).status).toBe(401);
  });
});
