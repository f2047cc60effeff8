import { env } from "cloudflare:workers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { invitationsSubject, refuseInviting } from "../identity/inviting.ts";
import { asUser, fresh } from "../../test/support/api.ts";
import { auditOf, PASSWORD, post, type Session, sessionOf } from "../../test/support/identity.ts";
import { type MailWire, standInForMail } from "../../test/support/mail-wire.ts";

const INVITED = "You are invited to Apex";

let mail: MailWire;
beforeAll(() => {
  mail = standInForMail();
});
beforeEach(() => mail.answerWith(200));
afterAll(() => mail.restore());

type Api = ReturnType<typeof asUser>;
const idSchema = z.looseObject({ id: z.string() });
const membersSchema = z.object({ items: z.array(z.object({ id: z.string(), email: z.string(), role: z.string() })) });

const found = async (): Promise<{ session: Session; api: Api }> => {
  const session = await sessionOf(await post("/api/auth/signup", { email: `${fresh("founder")}@example.nz`, password: PASSWORD }));
  return { session, api: asUser(session.token) };
};
const invite = async (api: Api, role: string, email = `${fresh("guest")}@example.nz`): Promise<{ id: string; email: string; token: string }> => {
  const created = await api("POST", "/api/invitations", { email, role });
  expect(created.status).toBe(201);
  return { id: idSchema.parse(await created.json()).id, email, token: await mail.tokenTo(email, INVITED, mail.to(email).length || 1) };
};
const join = async (api: Api, role: string): Promise<{ session: Session; api: Api }> => {
  const { token } = await invite(api, role);
  const session = await sessionOf(await post("/api/auth/accept-invitation", { token, password: PASSWORD }));
  return { session, api: asUser(session.token) };
};
const rolesOf = async (api: Api): Promise<string[]> => membersSchema.parse(await (await api("GET", "/api/members")).json()).items.map(({ role }) => role);

describe("an invitation", () => {
  it("makes a member of whoever reads the mail: their address confirmed, their role as invited, once", async () => {
    const { session, api } = await found();
    const { token, email } = await invite(api, "viewer");
    const both = await Promise.all([1, 2].map(async () => post("/api/auth/accept-invitation", { token, password: PASSWORD, name: "Vic" })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, expect.toBeOneOf([409, 422])]);
    const joined = both.find(({ status }) => status === 201);
    const guest = joined && (await sessionOf(joined));
    expect(guest).toMatchObject({ tenant_id: session.tenant_id, user: { email, email_verified_at: expect.any(String) as string } });
    expect(await (await asUser(guest?.token ?? "")("GET", "/api/auth/me")).json()).toMatchObject({ role: "viewer", scopes: ["leads:read", "calls:read"] });
    expect(await rolesOf(api)).toEqual(["viewer", "owner"]);
    expect((await post("/api/auth/accept-invitation", { token, password: PASSWORD })).status).toBe(422);
    const audit = await auditOf(session.tenant_id);
    expect(audit.map(({ action }) => action)).toEqual(expect.arrayContaining(["invitation.created", "invitation.accepted"]));
    expect(JSON.stringify(audit)).not.toContain(email);
  });

  it("can be seen and taken back, by its own tenant only", async () => {
    const { api } = await found();
    const { id, email, token } = await invite(api, "agent");
    const stranger = (await found()).api;
    const listed = async (who: Api) => z.object({ items: z.array(z.looseObject({ id: z.string(), email: z.string() })) }).parse(await (await who("GET", "/api/invitations")).json()).items.map((one) => one.email);
    expect([await listed(api), await listed(stranger)]).toEqual([[email], []]);
    expect((await stranger("DELETE", `/api/invitations/${id}`)).status).toBe(404);
    expect((await api("DELETE", `/api/invitations/${id}`)).status).toBe(204);
    expect((await post("/api/auth/accept-invitation", { token, password: PASSWORD })).status).toBe(422);
    expect(await listed(api)).toEqual([]);
  });

  it("that is sent again ends the earlier one", async () => {
    const { api } = await found();
    const first = await invite(api, "viewer");
    await api("POST", "/api/invitations", { email: first.email, role: "agent" });
    const second = await mail.tokenTo(first.email, INVITED, 2);
    expect((await post("/api/auth/accept-invitation", { token: first.token, password: PASSWORD })).status).toBe(422);
    expect((await post("/api/auth/accept-invitation", { token: second, password: PASSWORD })).status).toBe(201);
  });

  it("to somebody with an account is a clear 409, here and elsewhere", async () => {
    const [{ session, api }, other] = [await found(), await found()];
    for (const [email, code] of [[session.user.email, "already_member"], [other.session.user.email, "account_exists"]] as const) {
      const answer = await api("POST", "/api/invitations", { email, role: "viewer" });
      expect([answer.status, await answer.json()]).toEqual([409, expect.objectContaining({ code })]);
    }
  });

  it("to be an owner is an owner's to give", async () => {
    const { api } = await found();
    const admin = await join(api, "admin");
    expect((await admin.api("POST", "/api/invitations", { email: `${fresh("guest")}@example.nz`, role: "owner" })).status).toBe(403);
    expect((await admin.api("POST", "/api/invitations", { email: `${fresh("guest")}@example.nz`, role: "admin" })).status).toBe(201);
  });
});

describe("inviting", () => {
  it("is over for a day after fifty, and takes a confirmed address where strangers sign up", async () => {
    const { api, session } = await found();
    const subject = invitationsSubject(session.tenant_id);
    await env.DB.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO login_failures (id, subject, at) SELECT ?1 || i, ?1, ?2 FROM n").bind(subject, Date.now()).run();
    const refused = await api("POST", "/api/invitations", { email: `${fresh("guest")}@example.nz`, role: "viewer" });
    expect([refused.status, await refused.json()]).toEqual([429, expect.objectContaining({ code: "too_many_invitations" })]);

    const memory = { directory: { takeAttempt: async () => Promise.resolve(true) } };
    const inviter = { tenant_id: session.tenant_id, role: "owner", email_verified_at: null } as const;
    await expect(refuseInviting({ memory, settings: { APEX_ENV: "production" } }, inviter, "viewer")).rejects.toMatchObject({ status: 403 });
    await expect(refuseInviting({ memory, settings: { APEX_ENV: "production" } }, { ...inviter, email_verified_at: 1 }, "viewer")).resolves.toBeUndefined();
    await expect(refuseInviting({ memory, settings: { APEX_ENV: "local" } }, inviter, "viewer")).resolves.toBeUndefined();
  });
});

describe("a member", () => {
  it("has another role from their next request on", async () => {
    const { api, session } = await found();
    const agent = await join(api, "agent");
    expect((await agent.api("POST", "/api/entities", { entity_type: "note", name: "x" })).status).toBe(201);
    expect((await api("PATCH", `/api/members/${agent.session.user.id}`, { role: "viewer" })).status).toBe(200);
    expect((await agent.api("POST", "/api/entities", { entity_type: "note", name: "x" })).status).toBe(403);
    expect(await auditOf(session.tenant_id)).toContainEqual(expect.objectContaining({ action: "member.role_changed", details: '{"from":"agent","to":"viewer"}' }));
  });

  it("who is removed is out at once, with the keys they made and the invitations they sent, and may sign up anew", async () => {
    const { api } = await found();
    const admin = await join(api, "admin");
    const { key } = z.object({ key: z.string() }).parse(await (await admin.api("POST", "/api/api-keys", { name: "x", scopes: ["leads:read"] })).json());
    const accomplice = await invite(admin.api, "admin");
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(200);
    expect((await api("DELETE", `/api/members/${admin.session.user.id}`)).status).toBe(204);
    expect((await admin.api("GET", "/api/auth/me")).status).toBe(401);
    expect((await post("/api/auth/refresh", { refresh_token: admin.session.refresh_token })).status).toBe(401);
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(401);
    expect((await post("/api/auth/accept-invitation", { token: accomplice.token, password: PASSWORD })).status).toBe(422);
    expect((await post("/api/auth/signup", { email: admin.session.user.email, password: PASSWORD })).status).toBe(201);
  });

  it("of another tenant is not there", async () => {
    const [{ api }, other] = [await found(), await found()];
    for (const [method, body] of [["PATCH", { role: "viewer" }], ["DELETE", undefined]] as const) {
      const [theirs, nobodys] = [await api(method, `/api/members/${other.session.user.id}`, body), await api(method, "/api/members/usr_nobody", body)];
      expect([theirs.status, nobodys.status]).toEqual([404, 404]);
    }
    expect(await rolesOf(other.api)).toEqual(["owner"]);
  });
});

describe("an owner", () => {
  it("is made, changed and removed by owners only", async () => {
    const { api, session } = await found();
    const admin = await join(api, "admin");
    for (const [method, body] of [["PATCH", { role: "agent" }], ["DELETE", undefined]] as const) expect((await admin.api(method, `/api/members/${session.user.id}`, body)).status).toBe(403);
    expect((await admin.api("PATCH", `/api/members/${admin.session.user.id}`, { role: "owner" })).status).toBe(403);
    expect((await api("PATCH", `/api/members/${admin.session.user.id}`, { role: "owner" })).status).toBe(200);
    expect((await admin.api("DELETE", `/api/members/${session.user.id}`)).status).toBe(204);
    expect(await rolesOf(admin.api)).toEqual(["owner"]);
  });

  it("who is the last one stays, and nothing of theirs is lost in trying", async () => {
    const { api, session } = await found();
    for (const [method, body] of [["PATCH", { role: "admin" }], ["DELETE", undefined]] as const) {
      const answer = await api(method, `/api/members/${session.user.id}`, body);
      expect([answer.status, await answer.json()]).toEqual([409, expect.objectContaining({ code: "last_owner" })]);
    }
    expect((await api("GET", "/api/auth/me")).status).toBe(200);
  });

  it("stays one of two who demote or remove each other at the same moment", async () => {
    for (const [method, body] of [["PATCH", { role: "admin" }], ["DELETE", undefined]] as const) {
      const first = await found();
      const second = await join(first.api, "owner");
      await Promise.all([first.api(method, `/api/members/${second.session.user.id}`, body), second.api(method, `/api/members/${first.session.user.id}`, body)]);
      const { n } = z.object({ n: z.number() }).parse(await env.DB.prepare("SELECT count(*) AS n FROM users WHERE tenant_id = ? AND role = 'owner'").bind(first.session.tenant_id).first());
      expect(n).toBeGreaterThanOrEqual(1);
    }
  });
});
