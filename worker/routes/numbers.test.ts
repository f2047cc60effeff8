import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, fresh, fromTwilio, makeProject, postForm, signUp, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { createVault } from "../../core/security/vault.ts";
import { twilioTokenPlace } from "../../core/contact/twilio-accounts.ts";

const clock = { now: () => Date.now(), toRealTime: (ms: number) => ms };
const memory = createMemory({ d1: env.DB, clock });
const storeOf = (tenantId: string) => memory.for(tenantId, systemActor("test"));
const numbersSchema = z.object({ items: z.array(z.object({ phone_number: z.string(), account_sid: z.string().nullable(), page_id: z.string().nullable(), is_from: z.boolean() })), next_cursor: z.string().nullable() });
const auditSchema = z.object({ items: z.array(z.object({ action: z.string() })) });
const problemSchema = z.object({ code: z.string(), errors: z.array(z.object({ path: z.string() })).optional() });

/** Who has what at Twilio. */
const accounts = new Map<string, { token: string; numbers: Set<string> }>([[env.TWILIO_ACCOUNT_SID, { token: env.TWILIO_AUTH_TOKEN, numbers: new Set() }]]);
let numbers = 0;
const newNumber = (sid: string): string => {
  const number = `+649555${String(1000 + ++numbers)}`;
  accounts.get(sid)?.numbers.add(number);
  return number;
};
const newAccount = (): { account_sid: string; auth_token: string } => {
  const sid = `AC${crypto.randomUUID().replaceAll("-", "")}`;
  const token = `token-${crypto.randomUUID()}`;
  accounts.set(sid, { token, numbers: new Set() });
  return { account_sid: sid, auth_token: token };
};

let twilio: TwilioWire;
let outage: { status: number; body: unknown } | "no answer" | undefined;
beforeAll(() => {
  twilio = standInForTwilio();
  twilio.answerWith(({ path, login, query }) => {
    if (!path.endsWith("/IncomingPhoneNumbers.json")) return undefined;
    if (outage !== undefined) return outage;
    const [sid = "", token] = login.split(":");
    const account = accounts.get(sid);
    if (!account || account.token !== token || !path.includes(`/Accounts/${sid}/`)) return { status: 401, body: { code: 20003, message: "Authenticate" } };
    const asked = query.get("PhoneNumber") ?? "";
    return { status: 200, body: { incoming_phone_numbers: account.numbers.has(asked) ? [{ phone_number: asked }] : [] } };
  });
});
afterAll(() => twilio.restore());

const put = async (project: TestProject, number: string, twilioAccount?: { account_sid: string; auth_token: string }) =>
  project.api("PUT", `/api/projects/${project.id}/numbers/${number}`, twilioAccount === undefined ? {} : { twilio: twilioAccount });
const listed = async (project: TestProject) => numbersSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/numbers`)).json()).items;
const problem = async (response: Response) => ({ status: response.status, ...problemSchema.parse(await response.json()) });

describe("a number", () => {
  it("of the tenant's own account is its project's, with the token sealed and shown nowhere", async () => {
    const project = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    expect((await put(project, number, account)).status).toBe(204);
    expect(await listed(project)).toEqual([{ phone_number: number, account_sid: account.account_sid, page_id: null, is_from: true }]);
    const sealed = (await storeOf(project.tenant_id).numbers.sealedToken(account.account_sid)) ?? "";
    expect(sealed).not.toContain(account.auth_token);
    const vault = createVault("a-key-for-tests-0123456789");
    expect(await vault.open(sealed, twilioTokenPlace(project.tenant_id, account.account_sid))).toBe(account.auth_token);
    await expect(vault.open(sealed, twilioTokenPlace("ten_other", account.account_sid))).rejects.toMatchObject({ code: "vault_unreadable" });
    const audited = await (await project.api("GET", "/api/audit?action=number.set")).text();
    expect(audited).toContain(account.account_sid);
    const exported = await Promise.all(["twilio_accounts", "phone_numbers", "audit", "projects"].map(async (table) => JSON.stringify(await storeOf(project.tenant_id).tenant.rowsOf(table, 0))));
    expect(exported[0]).toContain(account.account_sid);
    for (const text of [...exported, audited]) for (const secret of [account.auth_token, sealed]) expect(text).not.toContain(secret);
  });

  it("is sealed again with the newest key, as every secret is", async () => {
    const project = await makeProject();
    const account = newAccount();
    await put(project, newNumber(account.account_sid), account);
    const vault = createVault("a-newer-key-for-tests-0123456789,a-key-for-tests-0123456789");
    const operator = memory.operator(systemActor("operator"));
    for (let cursor: string | null = "twilio_accounts:"; cursor !== null; ) cursor = (await operator.rotate(vault, cursor, 50)).next_cursor;
    const sealed = (await storeOf(project.tenant_id).numbers.sealedToken(account.account_sid)) ?? "";
    expect(vault.needsRotation(sealed)).toBe(false);
    expect(await vault.open(sealed, twilioTokenPlace(project.tenant_id, account.account_sid))).toBe(account.auth_token);
    await env.DB.prepare("DELETE FROM phone_numbers WHERE tenant_id = ?").bind(project.tenant_id).run();
    await env.DB.prepare("DELETE FROM twilio_accounts WHERE tenant_id = ?").bind(project.tenant_id).run();
  });

  it("of the service's account needs no token, and is refused where the account does not have it", async () => {
    const project = await makeProject();
    const number = newNumber(env.TWILIO_ACCOUNT_SID);
    expect((await put(project, number)).status).toBe(204);
    expect(await listed(project)).toMatchObject([{ phone_number: number, account_sid: null }]);
    expect((await put(project, newNumber(newAccount().account_sid))).status).toBe(422);
  });

  it("that everybody uses is nobody's", async () => {
    expect(await problem(await put(await makeProject(), env.TWILIO_PHONE_NUMBER))).toMatchObject({ status: 409, code: "number_taken" });
  });

  it.each([
    ["with a wrong token", (account: { account_sid: string }, number: string) => [number, { ...account, auth_token: "wrong" }] as const, 422, "twilio.auth_token"],
    ["of somebody else's account", (account: { account_sid: string; auth_token: string }) => [newNumber(newAccount().account_sid), account] as const, 422, "phone_number"],
    ["that is none", (account: { account_sid: string; auth_token: string }) => ["0211234567", account] as const, 422, "phone_number"],
    ["of an account that is none", (account: { auth_token: string }, number: string) => [number, { ...account, account_sid: "../AC1" }] as const, 422, "twilio.account_sid"],
  ])("%s is refused, and nothing is stored", async (_, given, status, path) => {
    const project = await makeProject();
    const account = newAccount();
    const [number, twilioAccount] = given(account, newNumber(account.account_sid));
    const answer = await problem(await put(project, number, twilioAccount));
    expect([answer.status, answer.errors?.[0]?.path]).toEqual([status, path]);
    expect([await listed(project), await storeOf(project.tenant_id).numbers.accounts()]).toEqual([[], []]);
  });

  it.each([["does not answer", "no answer" as const], ["has an outage", { status: 503, body: {} }], ["is asked too often", { status: 429, body: { code: 20429 } }]])("stays as it is while Twilio %s", async (_, how) => {
    const project = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    await put(project, number, account);
    outage = how;
    try {
      expect((await put(project, number, newAccount())).status).toBe(502);
      expect((await put(project, newNumber(account.account_sid), account)).status).toBe(502);
    } finally {
      outage = undefined;
    }
    expect(await listed(project)).toMatchObject([{ phone_number: number, account_sid: account.account_sid }]);
  });

  it("belongs to one project: another's answer is the same whoever has it, and does not say", async () => {
    const project = await makeProject();
    const stranger = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    await put(project, number, account);
    const second = fresh("project");
    await project.api("POST", "/api/projects", { project_id: second, name: "Second", country: "NZ" });
    const answers = [await put(stranger, number, account), await put({ ...project, id: second }, number, account)];
    const bodies = await Promise.all(answers.map(async (answer) => z.record(z.string(), z.unknown()).parse(await answer.json())));
    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect({ ...bodies[0], request_id: "" }).toEqual({ ...bodies[1], request_id: "" });
    expect(await storeOf(stranger.tenant_id).numbers.accounts()).toEqual([]);
    const { items } = auditSchema.parse(await (await stranger.api("GET", "/api/audit")).json());
    expect(items.map(({ action }) => action)).not.toContain("number.set");
  });

  it("twenty projects that want it at the same moment: one has it", async () => {
    const account = newAccount();
    const number = newNumber(account.account_sid);
    const { token, tenant_id } = await signUp();
    const api = asUser(token);
    const ids = Array.from({ length: 8 }, () => fresh("race"));
    for (const id of ids) await api("POST", "/api/projects", { project_id: id, name: id, country: "NZ" });
    const answers = await Promise.all(ids.map(async (id) => api("PUT", `/api/projects/${id}/numbers/${number}`, { twilio: account })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, ...Array<number>(7).fill(409)]);
    expect(await storeOf(tenant_id).numbers.accounts()).toEqual([account.account_sid]);
  });

  it("is nobody's business without the scope, and unknown to another tenant", async () => {
    const project = await makeProject();
    const stranger = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    await put(project, number, account);
    for (const method of ["PUT", "DELETE"]) expect((await stranger.api(method, `/api/projects/${project.id}/numbers/${number}`, method === "PUT" ? { twilio: account } : undefined)).status).toBe(404);
    expect((await stranger.api("GET", `/api/projects/${project.id}/numbers`)).status).toBe(404);
    expect((await stranger.api("DELETE", `/api/projects/${stranger.id}/numbers/${number}`)).status).toBe(404);
    expect(await listed(project)).toHaveLength(1);
  });
});

describe("a project with numbers of its own", () => {
  it("goes out by the one that was added last, page by page the newest first, and by the service's once all are gone", async () => {
    const project = await makeProject();
    const account = newAccount();
    const [first, second] = [newNumber(account.account_sid), newNumber(account.account_sid)];
    await put(project, first, account);
    await put(project, second, account);
    await env.DB.prepare("UPDATE phone_numbers SET created_at = created_at - 5000 WHERE number = ?").bind(first).run();
    await put(project, second, account);
    expect((await listed(project)).map(({ phone_number, is_from }) => [phone_number, is_from])).toEqual([[second, true], [first, false]]);
    const page = numbersSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/numbers?limit=1`)).json());
    const next = numbersSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/numbers?limit=1&cursor=${page.next_cursor ?? ""}`)).json());
    expect([page.items[0]?.phone_number, next.items[0]?.phone_number, next.next_cursor]).toEqual([second, first, null]);
    for (const [number, left] of [[second, first], [first, null]] as const) {
      expect((await project.api("DELETE", `/api/projects/${project.id}/numbers/${number}`)).status).toBe(204);
      expect((await storeOf(project.tenant_id).projects.get(project.id)).from_number).toBe(left);
    }
    // Nothing was made with the account: its token is gone with its last number.
    expect(await storeOf(project.tenant_id).numbers.accounts()).toEqual([]);
  });

  it("rings by its number and account, and the account's token stays while the call is on record", async () => {
    const project = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    await put(project, number, account);
    await postForm(project, { "your-name": "Jane", "your-phone": "021 555 0001" });
    const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect([dial.path, dial.login, dial.form.get("From")]).toEqual([`/2010-04-01/Accounts/${account.account_sid}/Calls.json`, `${account.account_sid}:${account.auth_token}`, number]);
    expect((await project.api("DELETE", `/api/projects/${project.id}/numbers/${number}`)).status).toBe(204);
    expect(await storeOf(project.tenant_id).numbers.accounts()).toEqual([account.account_sid]);
    // Callbacks of the call under way are still believed, and those of the service's account are not.
    const call = twilio.calls.find(({ to }) => to === project.owner);
    const form = { CallSid: call?.sid ?? "", CallStatus: "ringing", AccountSid: account.account_sid };
    const address = dial.form.get("StatusCallback") ?? "";
    expect((await fromTwilio(address, { ...form, AccountSid: env.TWILIO_ACCOUNT_SID })).status).toBe(403);
    expect((await fromTwilio(address, form, env.TWILIO_AUTH_TOKEN)).status).toBe(403);
    expect((await fromTwilio(address, form, account.auth_token)).status).toBe(200);
    const [listedCall] = (await storeOf(project.tenant_id).calls.list({ project_id: project.id }, { limit: 1 })).items;
    expect(listedCall?.account_sid).toBe(account.account_sid);
  });

  it("texts by them too, and a report of another account about that text is 403", async () => {
    const project = await makeProject();
    const account = newAccount();
    const number = newNumber(account.account_sid);
    await put(project, number, account);
    const customer = "+64215550909";
    const incoming = { MessageSid: `SM${crypto.randomUUID()}`, From: customer, To: number, Body: "Do you do gutters?", AccountSid: account.account_sid };
    const address = `https://apex.test/api/sms/incoming?project_id=${project.id}`;
    expect((await fromTwilio(address, { ...incoming, AccountSid: env.TWILIO_ACCOUNT_SID })).status).toBe(403);
    expect((await fromTwilio(address, incoming, account.auth_token)).status).toBe(200);
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect([text.path, text.form.get("From")]).toEqual([`/2010-04-01/Accounts/${account.account_sid}/Messages.json`, number]);
    const sid = twilio.messages.find(({ to }) => to === project.owner)?.sid ?? "";
    const report = { MessageSid: sid, MessageStatus: "delivered", To: project.owner };
    const statusOf = async () => (await storeOf(project.tenant_id).messages.list({ project_id: project.id }, { limit: 10 })).items.find(({ direction }) => direction === "out")?.status;
    expect((await fromTwilio(text.form.get("StatusCallback") ?? "", { ...report, AccountSid: env.TWILIO_ACCOUNT_SID })).status).toBe(403);
    expect(await statusOf()).not.toBe("delivered");
    expect((await fromTwilio(text.form.get("StatusCallback") ?? "", { ...report, AccountSid: account.account_sid }, account.auth_token)).status).toBe(200);
    expect(await statusOf()).toBe("delivered");
  });
});

describe("a page's number", () => {
  const pageOf = async (project: TestProject, entity_type = "page"): Promise<string> =>
    (await storeOf(project.tenant_id).keyed.putOnce({ project_id: project.id, entity_type, dedupe_key: fresh("page"), name: "Drains", metadata: { status: "published" } })).id;
  const give = async (project: TestProject, number: string, account: { account_sid: string; auth_token: string }, page_id: string) =>
    project.api("PUT", `/api/projects/${project.id}/numbers/${number}`, { twilio: account, page_id });
  const ring = async (project: TestProject, number: string, account: { account_sid: string; auth_token: string }, From: string): Promise<void> => {
    const form = { CallSid: `CA${crypto.randomUUID().replaceAll("-", "")}`, From, To: number, AccountSid: account.account_sid, CallStatus: "ringing" };
    expect((await fromTwilio(`https://apex.test/api/voice/incoming?project_id=${project.id}`, form, account.auth_token)).status).toBe(200);
  };
  const leadsOf = async (project: TestProject) => (await storeOf(project.tenant_id).entities.list({ project_id: project.id, type: "lead" }, { limit: 10 })).items;

  it("is never the line that calls go out from, and becomes one when it is put without a page", async () => {
    const project = await makeProject();
    const account = newAccount();
    const [line, tracking] = [newNumber(account.account_sid), newNumber(account.account_sid)];
    const page = await pageOf(project);
    await put(project, line, account);
    expect((await give(project, tracking, account, page)).status).toBe(204);
    expect(await listed(project)).toEqual(expect.arrayContaining([
      { phone_number: line, account_sid: account.account_sid, page_id: null, is_from: true },
      { phone_number: tracking, account_sid: account.account_sid, page_id: page, is_from: false },
    ]));
    expect((await storeOf(project.tenant_id).projects.get(project.id)).from_number).toBe(line);
    await project.api("DELETE", `/api/projects/${project.id}/numbers/${line}`);
    expect((await storeOf(project.tenant_id).projects.get(project.id)).from_number).toBeNull();
    await put(project, tracking, account);
    expect((await storeOf(project.tenant_id).projects.get(project.id)).from_number).toBe(tracking);
  });

  it("is for pages of the project only: another's, another tenant's and what is no page are 404, and change nothing", async () => {
    const [project, stranger] = [await makeProject(), await makeProject()];
    const account = newAccount();
    const number = newNumber(account.account_sid);
    for (const id of [await pageOf(stranger), await pageOf(project, "lead"), "ent_nothing"]) expect((await give(project, number, account, id)).status).toBe(404);
    expect(await listed(project)).toEqual([]);
  });

  it("tells by which page a caller came: their lead and their call are the page's, and a caller who was known keeps their lead", async () => {
    const project = await makeProject();
    const account = newAccount();
    const [line, tracking] = [newNumber(account.account_sid), newNumber(account.account_sid)];
    const page = await pageOf(project);
    await put(project, line, account);
    await give(project, tracking, account, page);
    const [known, stranger] = ["+64215550911", "+64215550912"];
    await ring(project, line, account, known);
    await ring(project, tracking, account, known);
    await ring(project, tracking, account, stranger);
    const leads = await leadsOf(project);
    expect(Object.fromEntries(leads.map(({ primary_contact, metadata }) => [primary_contact, metadata.page_id ?? null]))).toEqual({ [known]: null, [stranger]: page });
    const calls = (await storeOf(project.tenant_id).calls.list({ project_id: project.id }, { limit: 10 })).items;
    expect(calls.filter(({ page_id }) => page_id === page)).toHaveLength(2);
    expect(calls.filter(({ page_id }) => page_id === null)).toHaveLength(1);
    // Both spoke: each conversation is the page's once.
    await env.DB.prepare("UPDATE calls SET end_reason = 'connected', next_due_at = NULL WHERE project_id = ?").bind(project.id).run();
    const results = await storeOf(project.tenant_id).pageResults.since(project.id, 0);
    const sumOf = (field: "leads" | "calls"): number => results.filter(({ page_id }) => page_id === page).reduce((sum, row) => sum + row[field], 0);
    expect([sumOf("leads"), sumOf("calls")]).toEqual([1, 2]);
  });
});
