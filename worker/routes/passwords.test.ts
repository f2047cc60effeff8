import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { asUser, fresh, request } from "../../test/support/api.ts";
import { auditOf, PASSWORD, post, type Session, sessionOf, signIn } from "../../test/support/identity.ts";
import { type MailWire, standInForMail } from "../../test/support/mail-wire.ts";
import worker from "../index.ts";

const VERIFY = "Confirm your address";
const RESET = "Set a new password";
const NEW_PASSWORD = "quite another password";

let mail: MailWire;
beforeAll(() => {
  mail = standInForMail();
});
beforeEach(() => mail.answerWith(200));
afterAll(() => mail.restore());

const newSession = async (email = `${fresh("mailed")}@example.nz`): Promise<Session> => sessionOf(await post("/api/auth/signup", { email, password: PASSWORD }));
const sweep = async (): Promise<void> => {
  const ctx = createExecutionContext();
  await worker.scheduled(createScheduledController(), env);
  await waitOnExecutionContext(ctx);
};
const rowsOf = async (email: string) => (await env.DB.prepare("SELECT purpose, mail_due_at, mail_attempts FROM mailed_tokens WHERE email = ?").bind(email).all<{ purpose: string; mail_due_at: number | null; mail_attempts: number }>()).results;
/** The row is written after the vendor's answer, behind ours. */
const settled = async (email: string): Promise<boolean> => vi.waitUntil(async () => (await rowsOf(email)).every((row) => row.mail_due_at === null), { timeout: 20_000, interval: 5 });

describe("confirming an address", () => {
  it("takes the token that was mailed to it, once", async () => {
    const { user, token: access, tenant_id } = await newSession();
    expect(user.email_verified_at).toBeNull();
    const token = await mail.tokenTo(user.email, VERIFY);
    expect(mail.to(user.email)[0]).toMatchObject({ from: "Apex <no-reply@apex.test>", to: [user.email], text: expect.stringContaining("https://dashboard.test/verify#token=") as string });
    expect((await post("/api/auth/verify", { token })).status).toBe(204);
    expect((await post("/api/auth/verify", { token })).status).toBe(422);
    expect(await (await asUser(access)("GET", "/api/auth/me")).json()).toMatchObject({ user: { email_verified_at: expect.any(String) as string } });
    expect((await asUser(access)("POST", "/api/auth/verify/resend")).status).toBe(409);
    expect((await auditOf(tenant_id)).map(({ action }) => action)).toEqual(["user.signed_up", "verification.requested", "session.opened", "email.verified"]);
  });

  it("by a token that was mailed again ends the earlier one", async () => {
    const { user, token: access } = await newSession();
    const first = await mail.tokenTo(user.email, VERIFY);
    expect((await asUser(access)("POST", "/api/auth/verify/resend")).status).toBe(202);
    const second = await mail.tokenTo(user.email, VERIFY, 2);
    expect((await post("/api/auth/verify", { token: first })).status).toBe(422);
    expect((await post("/api/auth/verify", { token: second })).status).toBe(204);
  });

  it.each(["", "nonsense", "x".repeat(200)])("refuses %j", async (token) => {
    expect((await post("/api/auth/verify", { token })).status).toBe(422);
  });

  it("does not take a token that was mailed for something else", async () => {
    const { user } = await newSession();
    const verify = await mail.tokenTo(user.email, VERIFY);
    expect((await post("/api/auth/password/reset", { token: verify, password: NEW_PASSWORD })).status).toBe(422);
    expect((await post("/api/auth/verify", { token: verify })).status).toBe(204);
  });
});

describe("a forgotten password", () => {
  it("is set anew by the mailed token, once; every session ends, and the address counts as confirmed", async () => {
    const { user, token: access, refresh_token, tenant_id } = await newSession();
    expect((await post("/api/auth/password/forgot", { email: user.email.toUpperCase() })).status).toBe(202);
    const token = await mail.tokenTo(user.email, RESET);
    expect((await post("/api/auth/password/reset", { token, password: "short" })).status).toBe(422);
    const both = await Promise.all([post("/api/auth/password/reset", { token, password: NEW_PASSWORD }), post("/api/auth/password/reset", { token, password: `${NEW_PASSWORD} 2` })]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 422]);
    expect((await post("/api/auth/password/reset", { token, password: NEW_PASSWORD })).status).toBe(422);
    expect((await asUser(access)("GET", "/api/auth/me")).status).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token })).status).toBe(401);
    expect((await post("/api/auth/login", { email: user.email, password: PASSWORD })).status).toBe(401);
    const again = await signIn(user.email, both[0].status === 204 ? NEW_PASSWORD : `${NEW_PASSWORD} 2`);
    expect(again.user.email_verified_at).not.toBeNull();
    const audit = await auditOf(tenant_id);
    expect(audit.map(({ action }) => action)).toEqual(expect.arrayContaining(["password_reset.requested", "password.reset"]));
    expect(JSON.stringify(audit)).not.toContain(user.email);
  });

  it("ends within the hour", async () => {
    const { user } = await newSession();
    await post("/api/auth/password/forgot", { email: user.email });
    const token = await mail.tokenTo(user.email, RESET);
    const row = await env.DB.prepare("SELECT expires_at - created_at AS lifetime FROM mailed_tokens WHERE email = ? AND purpose = 'reset'").bind(user.email).first<{ lifetime: number }>();
    expect(row?.lifetime).toBe(3_600_000);
    await env.DB.prepare("UPDATE mailed_tokens SET expires_at = ? WHERE email = ?").bind(Date.now() - 1, user.email).run();
    expect((await post("/api/auth/password/reset", { token, password: NEW_PASSWORD })).status).toBe(422);
    await sweep();
    expect(await rowsOf(user.email)).toEqual([]);
  });

  it("of an address without an account is answered the same, and leaves the same rows but the token", async () => {
    const { user } = await newSession();
    await mail.tokenTo(user.email, VERIFY);
    const nobody = `${fresh("nobody")}@example.nz`;
    const attempts = async (): Promise<number> => (await env.DB.prepare("SELECT count(*) AS n FROM login_failures").first<{ n: number }>())?.n ?? 0;
    const before = await attempts();
    const [known, unknown] = [await post("/api/auth/password/forgot", { email: user.email }), await post("/api/auth/password/forgot", { email: nobody })];
    expect([known.status, await known.text()]).toEqual([unknown.status, await unknown.text()]);
    expect(await attempts()).toBe(before + 2);
    await mail.tokenTo(user.email, RESET);
    expect([mail.to(nobody), await rowsOf(nobody)]).toEqual([[], []]);
  });

  it("fills nobody's inbox: five mails an hour, and the answer does not tell", async () => {
    const { user } = await newSession();
    for (let n = 0; n < 8; n++) expect((await post("/api/auth/password/forgot", { email: user.email })).status).toBe(202);
    // One of the five was to confirm the address.
    const last = await mail.tokenTo(user.email, RESET, 4);
    expect((await post("/api/auth/password/reset", { token: last, password: NEW_PASSWORD })).status).toBe(204);
    expect(mail.to(user.email)).toHaveLength(5);
  });
});

describe("a mail", () => {
  it("whose vendor is down is sent by the sweep, the same, and keeps nobody from signing up", async () => {
    mail.answerWith(503);
    const before = mail.attempts();
    const { user } = await newSession();
    await mail.until(() => (mail.attempts() > before ? true : undefined));
    mail.answerWith(200);
    // The first attempt's own note (when to try again) may be written after ours.
    await vi.waitUntil(async () => {
      await env.DB.prepare("UPDATE mailed_tokens SET mail_due_at = 1 WHERE email = ? AND mail_due_at IS NOT NULL").bind(user.email).run();
      await sweep();
      return mail.to(user.email).length > 0;
    }, { timeout: 20_000, interval: 5 });
    const token = await mail.tokenTo(user.email, VERIFY);
    expect(new Set(mail.to(user.email).map(({ idempotency_key, text }) => `${idempotency_key ?? ""} ${text}`)).size).toBe(1);
    expect((await post("/api/auth/verify", { token })).status).toBe(204);
  });

  it("that has been sent is not sent again", async () => {
    const { user } = await newSession();
    await mail.tokenTo(user.email, VERIFY);
    await settled(user.email);
    await sweep();
    expect(mail.to(user.email)).toHaveLength(1);
  });

  it("that the vendor will never take is given up", async () => {
    mail.answerWith(422);
    const before = mail.attempts();
    const { user } = await newSession();
    await mail.until(() => (mail.attempts() > before ? true : undefined));
    await settled(user.email);
    expect(mail.to(user.email)).toEqual([]);
  });

  it("holds nothing that a stranger wrote", async () => {
    const email = `${fresh("victim")}@example.nz`;
    await request("/api/auth/signup", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email, password: PASSWORD, name: "Win at https://evil.example now" }) });
    await mail.tokenTo(email, VERIFY);
    expect(JSON.stringify(mail.to(email))).not.toContain("evil");
  });
});
