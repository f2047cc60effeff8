import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { asUser, signUp } from "../../test/support/api.ts";
import { auditOf } from "../../test/support/identity.ts";

const createdSchema = z.object({ id: z.string(), key: z.string(), prefix: z.string(), scopes: z.array(z.string()) });
const listedSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), last_used_at: z.string().nullable() })) });

const newOwner = async () => {
  const { token, tenant_id } = await signUp();
  return { api: asUser(token), tenant_id };
};
const makeKey = async (api: ReturnType<typeof asUser>, more: Record<string, unknown> = {}) => createdSchema.parse(await (await api("POST", "/api/api-keys", { name: "reporting", scopes: ["leads:read"], ...more })).json());

describe("an API key", () => {
  it("is shown once, and only its hash is kept", async () => {
    const { api, tenant_id } = await newOwner();
    const { id, key, prefix } = await makeKey(api);
    expect(key.startsWith(prefix)).toBe(true);
    const listed = await (await api("GET", "/api/api-keys")).text();
    expect(listed).toContain(id);
    const stored = JSON.stringify([(await env.DB.prepare("SELECT * FROM api_keys").all()).results, await auditOf(tenant_id)]);
    for (const text of [listed, stored]) expect(text).not.toContain(key.slice(prefix.length));
  });

  it("does what its scopes say and nothing else", async () => {
    const { api, tenant_id } = await newOwner();
    const { id, key } = await makeKey(api);
    const asKey = asUser(key);
    expect((await asKey("GET", "/api/entities")).status).toBe(200);
    expect((await asKey("POST", "/api/entities", { entity_type: "note", name: "x" })).status).toBe(403);
    expect((await asKey("GET", "/api/audit")).status).toBe(403);
    expect(await (await asKey("GET", "/api/auth/me")).json()).toMatchObject({ tenant_id, scopes: ["leads:read"] });
    const { key: writing, id: writer } = await makeKey(api, { scopes: ["leads:write"] });
    expect((await asUser(writing)("POST", "/api/entities", { entity_type: "note", name: "x" })).status).toBe(201);
    expect(await auditOf(tenant_id)).toContainEqual(expect.objectContaining({ action: "entity.created", actor: `key:${writer}` }));
    expect((await asUser(writing)("DELETE", `/api/api-keys/${id}`)).status).toBe(403);
  });

  it("reaches neither sessions nor passwords nor new keys, whatever its scopes", async () => {
    const { api } = await newOwner();
    const { key } = await makeKey(api, { scopes: ["admin"] });
    const asKey = asUser(key);
    expect((await asKey("GET", "/api/api-keys")).status).toBe(200);
    for (const [method, path, body] of [
      ["POST", "/api/api-keys", { name: "x", scopes: ["admin"] }], ["GET", "/api/auth/sessions"], ["POST", "/api/auth/logout"], ["POST", "/api/auth/password", { old_password: "x", new_password: "y" }], ["DELETE", "/api/tenant", { name: "x" }],
    ] as const) expect([path, (await asKey(method, path, body)).status]).toEqual([path, 403]);
  });

  it("is refused from the moment that it is revoked; a stranger cannot revoke it", async () => {
    const { api } = await newOwner();
    const { id, key } = await makeKey(api);
    expect((await (await newOwner()).api("DELETE", `/api/api-keys/${id}`)).status).toBe(404);
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(200);
    expect((await api("DELETE", `/api/api-keys/${id}`)).status).toBe(204);
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(401);
    expect((await api("DELETE", `/api/api-keys/${id}`)).status).toBe(404);
  });

  it("ends when it was said to", async () => {
    const { api } = await newOwner();
    const { id, key } = await makeKey(api, { expires_at: new Date(Date.now() + 60_000).toISOString() });
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(200);
    await env.DB.prepare("UPDATE api_keys SET expires_at = ? WHERE id = ?").bind(Date.now() - 1, id).run();
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(401);
    expect((await api("POST", "/api/api-keys", { name: "late", scopes: ["admin"], expires_at: "2020-01-01T00:00:00Z" })).status).toBe(422);
  });

  it("loses what its maker loses, and can never have what they do not have", async () => {
    const { token, tenant_id } = await signUp();
    const api = asUser(token);
    const { key } = await makeKey(api, { scopes: ["leads:read", "leads:write"] });
    await env.DB.prepare("UPDATE users SET role = 'viewer' WHERE tenant_id = ?").bind(tenant_id).run();
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(200);
    expect((await asUser(key)("POST", "/api/entities", { entity_type: "note", name: "x" })).status).toBe(403);
    expect((await api("POST", "/api/api-keys", { name: "x", scopes: ["leads:read"] })).status).toBe(403);
  });

  it("notes its last use, once a minute", async () => {
    const { api } = await newOwner();
    const { id, key } = await makeKey(api);
    const lastUse = async (): Promise<string | null> => listedSchema.parse(await (await api("GET", "/api/api-keys")).json()).items.find((one) => one.id === id)?.last_used_at ?? null;
    expect(await lastUse()).toBeNull();
    await asUser(key)("GET", "/api/entities");
    const noted = await vi.waitUntil(lastUse, { timeout: 10_000, interval: 10 });
    await asUser(key)("GET", "/api/entities");
    expect(await lastUse()).toBe(noted);
    await env.DB.prepare("UPDATE api_keys SET last_used_at = last_used_at - 60000 WHERE id = ?").bind(id).run();
    await asUser(key)("GET", "/api/entities");
    await vi.waitUntil(async () => ((await lastUse()) ?? "") >= noted, { timeout: 10_000, interval: 10 });
  });

  it("is made once under one Idempotency-Key, and then no longer shown", async () => {
    const { api, tenant_id } = await newOwner();
    const create = async (): Promise<Response> => api("POST", "/api/api-keys", { name: "once", scopes: ["leads:read"] }, { "Idempotency-Key": "k1" });
    const first = createdSchema.parse(await (await create()).json());
    const { key: _, ...rest } = first;
    expect(await (await create()).json()).toMatchObject(rest);
    expect(await (await create()).json()).not.toHaveProperty("key");
    expect((await env.DB.prepare("SELECT body FROM idempotency WHERE tenant_id = ?").bind(tenant_id).first<{ body: string }>())?.body).not.toContain(first.key);
    expect(listedSchema.parse(await (await api("GET", "/api/api-keys")).json()).items).toHaveLength(1);
  });

  it.each(["apex_", `apex_${"a".repeat(46)}`, "apex_nonsense"])("that was made up (%s) is 401", async (made) => {
    expect((await asUser(made)("GET", "/api/entities")).status).toBe(401);
  });
});
