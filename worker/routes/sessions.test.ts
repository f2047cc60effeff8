import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, fresh, request, signUp } from "../../test/support/api.ts";
import { auditOf, PASSWORD, post, type Session, sessionOf, signIn } from "../../test/support/identity.ts";

const MINUTE_MS = 60_000;
const ORIGIN = "https://dashboard.test";
const listSchema = z.object({ items: z.array(z.object({ id: z.string(), current: z.boolean(), user_agent: z.string().nullable() })) });

const refresh = async (refresh_token: string | null): Promise<Response> => post("/api/auth/refresh", { refresh_token });
const statusOf = async (token: string): Promise<number> => (await asUser(token)("GET", "/api/auth/me")).status;
const newSession = async (): Promise<Session> => sessionOf(await post("/api/auth/signup", { email: `${fresh("session")}@example.nz`, password: PASSWORD }));
const cookieIn = (response: Response): { value: string; attributes: string[] } => {
  const [pair = "", ...attributes] = (response.headers.get("Set-Cookie") ?? "").split("; ");
  return { value: pair, attributes };
};

describe("a session", () => {
  it("gives an access token for 15 minutes and a refresh token for 30 days, of which the database has neither", async () => {
    const session = await newSession();
    expect(Math.round((Date.parse(session.expires_at) - Date.now()) / MINUTE_MS)).toBe(15);
    expect(Math.round((Date.parse(session.refresh_expires_at) - Date.now()) / (24 * 60 * MINUTE_MS))).toBe(30);
    const rows = JSON.stringify((await env.DB.prepare("SELECT * FROM sessions").all()).results);
    for (const part of [session.token, ...(session.refresh_token ?? "").slice(3).split(".")]) expect(rows).not.toContain(part);
  });

  it("goes on by its refresh token, each of which is good for once", async () => {
    const first = await newSession();
    const second = await sessionOf(await refresh(first.refresh_token));
    const third = await sessionOf(await refresh(second.refresh_token));
    expect(new Set([first, second, third].map((session) => session.refresh_token)).size).toBe(3);
    expect(await statusOf(third.token)).toBe(200);
    expect(third).toMatchObject({ user: first.user, tenant_id: first.tenant_id });
  });

  it("ends for everybody when a spent refresh token is shown, however old, and only that session", async () => {
    const first = await newSession();
    const elsewhere = await signIn(first.user.email);
    const second = await sessionOf(await refresh(first.refresh_token));
    const third = await sessionOf(await refresh(second.refresh_token));
    expect((await refresh(first.refresh_token)).status).toBe(401);
    expect((await refresh(third.refresh_token)).status).toBe(401);
    for (const { token } of [first, second, third]) expect(await statusOf(token)).toBe(401);
    expect(await statusOf(elsewhere.token)).toBe(200);
    expect(await auditOf(first.tenant_id)).toContainEqual(expect.objectContaining({ action: "session.ended", details: JSON.stringify({ user_id: first.user.id, reason: "refresh_token_reused" }) }));
  });

  it("serves one of two that show the same refresh token at once, and ends", async () => {
    const first = await newSession();
    const answers = await Promise.all([refresh(first.refresh_token), refresh(first.refresh_token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = answers.find(({ status }) => status === 200);
    const next = winner && (await sessionOf(winner));
    expect((await refresh(next?.refresh_token ?? "")).status).toBe(401);
  });

  it("cannot be ended by somebody who makes a token up", async () => {
    const session = await newSession();
    const [family = ""] = (session.refresh_token ?? "").split(".");
    for (const made of [`rt_${"a".repeat(43)}.${"b".repeat(32)}`, "nonsense", "", `${family.slice(0, -1)}_.${"b".repeat(32)}`]) expect((await refresh(made)).status).toBe(401);
    expect((await refresh(session.refresh_token)).status).toBe(200);
  });

  it("is refreshed by JSON or by nothing", async () => {
    expect((await request("/api/auth/refresh", { method: "POST", headers: { "Content-Type": "text/plain" }, body: "{}" })).status).toBe(415);
    expect((await request("/api/auth/refresh", { method: "POST" })).status).toBe(401);
  });

  it("ends by itself", async () => {
    const session = await newSession();
    await env.DB.prepare("UPDATE sessions SET expires_at = ? WHERE user_id = ?").bind(Date.now() - 1, session.user.id).run();
    expect(await statusOf(session.token)).toBe(401);
    expect((await refresh(session.refresh_token)).status).toBe(401);
  });

  it("ends at once by signing out, its access token included", async () => {
    const session = await newSession();
    const answer = await asUser(session.token)("POST", "/api/auth/logout");
    expect([answer.status, cookieIn(answer).value]).toEqual([204, "apex_refresh="]);
    expect(await statusOf(session.token)).toBe(401);
    expect((await refresh(session.refresh_token)).status).toBe(401);
  });

  it("is listed with its device, and can be ended from another; nobody else's is to be seen or ended", async () => {
    const here = await newSession();
    const there = await sessionOf(await post("/api/auth/login", { email: here.user.email, password: PASSWORD }, { "User-Agent": "a phone" }));
    const api = asUser(here.token);
    const { items } = listSchema.parse(await (await api("GET", "/api/auth/sessions")).json());
    expect(items.map(({ current, user_agent }) => [current, user_agent])).toEqual([[false, "a phone"], [true, null]]);
    const stranger = asUser((await signUp()).token);
    expect((await stranger("DELETE", `/api/auth/sessions/${items[0]?.id ?? ""}`)).status).toBe(404);
    expect(await statusOf(there.token)).toBe(200);
    expect((await api("DELETE", `/api/auth/sessions/${items[0]?.id ?? ""}`)).status).toBe(204);
    expect(await statusOf(there.token)).toBe(401);
    expect((await api("DELETE", `/api/auth/sessions/${items[0]?.id ?? ""}`)).status).toBe(404);
  });

  it("is one of fifty at most: the oldest goes when another is opened", async () => {
    const first = await newSession();
    await env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 49)
      INSERT INTO sessions (id, tenant_id, user_id, family_hash, token_hash, created_at, refreshed_at, expires_at) SELECT id || '_' || i, tenant_id, user_id, family_hash || i, token_hash, created_at, refreshed_at, expires_at FROM sessions, n WHERE user_id = ?`).bind(first.user.id).run();
    expect(await statusOf(first.token)).toBe(200);
    const last = await signIn(first.user.email);
    expect([await statusOf(first.token), await statusOf(last.token)]).toEqual([401, 200]);
    expect(listSchema.parse(await (await asUser(last.token)("GET", "/api/auth/sessions")).json()).items).toHaveLength(50);
  });

  it("speaks for the role that the person has now, not when the token was made", async () => {
    const session = await newSession();
    await env.DB.prepare("UPDATE users SET role = 'viewer' WHERE id = ?").bind(session.user.id).run();
    const api = asUser(session.token);
    expect(await (await api("GET", "/api/auth/me")).json()).toMatchObject({ role: "viewer", scopes: ["leads:read", "calls:read"] });
    expect((await api("GET", "/api/audit")).status).toBe(403);
  });
});

describe("the session's cookie", () => {
  const page = { Origin: ORIGIN, "X-Apex-Session": "cookie" };
  const withCookie = async (cookie: string, headers: Record<string, string>): Promise<Response> => request("/api/auth/refresh", { method: "POST", headers: { Cookie: cookie, ...headers } });

  it("is for the auth routes, out of reach of scripts and of other sites, and holds what the body then does not", async () => {
    const { user } = await newSession();
    const answer = await post("/api/auth/login", { email: user.email, password: PASSWORD }, page);
    const { value, attributes } = cookieIn(answer);
    expect(attributes).toEqual(expect.arrayContaining(["Path=/api/auth", "HttpOnly", "Secure", "SameSite=Strict"]));
    expect((await sessionOf(answer)).refresh_token).toBeNull();
    const refreshed = await withCookie(value, page);
    expect([refreshed.status, cookieIn(refreshed).value === value]).toEqual([200, false]);
    expect((await sessionOf(refreshed)).refresh_token).toBeNull();
  });

  it.each([
    ["another site's page", { Origin: "https://evil.example", "X-Apex-Session": "cookie" }],
    ["no origin", { "X-Apex-Session": "cookie" }],
    ["a form, which cannot send the header", { Origin: ORIGIN }],
  ])("does nothing for %s", async (_, headers) => {
    const { user } = await newSession();
    const { value } = cookieIn(await post("/api/auth/login", { email: user.email, password: PASSWORD }, page));
    expect((await withCookie(value, headers)).status).toBe(403);
    // Nor is the token spent.
    expect((await withCookie(value, page)).status).toBe(200);
  });
});

describe("changing the password", () => {
  it("needs the old one, ends every other session and leaves this one", async () => {
    const here = await newSession();
    const there = await signIn(here.user.email);
    const api = asUser(here.token);
    expect((await api("POST", "/api/auth/password", { old_password: "not the old one", new_password: "another long password" })).status).toBe(422);
    expect(await statusOf(there.token)).toBe(200);
    expect((await api("POST", "/api/auth/password", { old_password: PASSWORD, new_password: "another long password" })).status).toBe(204);
    expect([await statusOf(here.token), await statusOf(there.token)]).toEqual([200, 401]);
    expect((await post("/api/auth/login", { email: here.user.email, password: PASSWORD })).status).toBe(401);
    expect((await post("/api/auth/login", { email: here.user.email, password: "another long password" })).status).toBe(200);
    expect((await auditOf(here.tenant_id)).map(({ action }) => action)).toContain("password.changed");
  });
});

describe("guessing a password", () => {
  it("is over after ten attempts, also when they come at once, and does not keep another account out", async () => {
    const { user } = await newSession();
    const guesses = await Promise.all(Array.from({ length: 14 }, async () => post("/api/auth/login", { email: user.email, password: "guess" })));
    expect(guesses.map(({ status }) => status).sort()).toEqual([...Array<number>(10).fill(401), ...Array<number>(4).fill(429)]);
    const refused = await post("/api/auth/login", { email: user.email, password: PASSWORD });
    expect([refused.status, refused.headers.get("Retry-After")]).toEqual([429, "900"]);
    const other = await newSession();
    expect((await signIn(other.user.email)).tenant_id).toBe(other.tenant_id);
  });
});
