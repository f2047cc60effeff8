import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { mailedTokenAgain } from "../core/security/mailed-tokens.ts";
import { fresh, fromTwilio, request } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

/*
 * Distinctive secrets are planted wherever a secret may come in, the main flows are driven, vendors that repeat what they were
 * sent included, and everything that comes out is searched: log lines, answers, every table, names of stored objects.
 */

/** As vitest.config.ts binds them. */
const SERVICE_SECRETS = {
  APEX_JWT_SECRET: "a-secret-for-tests-0123456789",
  APEX_KMS_KEY: "a-key-for-tests-0123456789",
  APEX_OPERATOR_SECRET: "an-operators-secret-for-tests-0123456789",
  TWILIO_AUTH_TOKEN: "twilio-test-token",
  GOOGLE_API_KEY: "gemini-test-key",
  RESEND_API_KEY: "resend-test-key",
};
const PASSWORD = "canary-password-5f1d";
const WRONG_PASSWORD = "canary-wrong-password-77aa";
const WORDPRESS = "canary wordpress 9c2e";
const TENANTS_TOKEN = "canary-twilio-token-4e7b";
const SIGNING = "canary-signing-secret-d03c";
const STRANGERS_KEY = "canary-strangers-key-31b0";
const PERSON = { name: "Canary Nightingale", phone: "+64215550177", typed: "021 555 0177", email: "canary.nightingale@example.nz", message: "canary message about a leak" };

let twilio: TwilioWire;
const lines: string[] = [];
const answers: { what: string; text: string }[] = [];
beforeAll(() => {
  twilio = standInForTwilio();
  // oxlint-disable-next-line no-console -- where lines leave
  const print = console.log;
  vi.spyOn(console, "log").mockImplementation((...line: unknown[]) => {
    lines.push(line.map(String).join(" "));
    if (line.length === 0) print();
  });
});
afterAll(() => {
  twilio.restore();
  vi.restoreAllMocks();
});

const session = z.object({ token: z.string(), tenant_id: z.string(), refresh_token: z.string() });
const keys = z.object({ google_ads: z.object({ key: z.string() }), wordpress: z.object({ key: z.string() }) });
const items = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

const note = async (what: string, response: Response): Promise<Response> => {
  answers.push({ what, text: `${JSON.stringify([...response.headers])}\n${await response.clone().text()}` });
  return response;
};
const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  note(`${method} ${path.split("?")[0] ?? path}`, await request(path, { method, headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers }, ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }) }));
/** Whose very point is to show a secret once: looked at apart. */
const show = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> =>
  (await request(path, { method, headers: { "Content-Type": "application/json", ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json();

const everyTable = async (): Promise<{ what: string; text: string }[]> => {
  const tables = (await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'entities_fts%'").all<{ name: string }>()).results;
  return Promise.all(tables.map(async ({ name }) => ({ what: `table ${name}`, text: JSON.stringify((await env.DB.prepare(`SELECT * FROM "${name}"`).all()).results) })));
};

/** A business with a Twilio account of its own, which repeats its token in everything that it refuses. */
const ownAccount = async (user: Record<string, string>): Promise<void> => {
  const [id, number, owner] = [fresh("canary-own"), "+6495550199", "+64211000188"];
  const twilioAccount = { account_sid: "ACcanary", auth_token: TENANTS_TOKEN };
  await ask("POST", "/api/projects", { project_id: id, name: "Canary Roofing", country: "NZ" }, user);
  await ask("PUT", `/api/projects/${id}/dna/custom`, `modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}"}}}`, { ...user, "Content-Type": "application/yaml" });
  const path = `/api/projects/${id}/numbers/${number}`;
  const refused = { status: 400, body: { code: 21210, message: `not by ${TENANTS_TOKEN}` } };
  twilio.answerWith((wire) => (wire.path.includes("ACcanary") ? refused : undefined));
  await ask("PUT", path, { twilio: twilioAccount }, user);
  await ask("PUT", path, { twilio: { ...twilioAccount, account_sid: 5 } }, user);
  twilio.answerWith((wire) => (wire.path.endsWith("/IncomingPhoneNumbers.json") ? { status: 200, body: { incoming_phone_numbers: [{ phone_number: number }] } } : wire.path.includes("ACcanary") ? refused : undefined));
  expect((await ask("PUT", path, { twilio: twilioAccount }, user)).status).toBe(204);
  await ask("GET", `/api/projects/${id}/numbers`, undefined, user);
  const { wordpress } = keys.parse(await show("GET", `/api/projects/${id}/webhooks`, undefined, user));
  await ask("POST", `/api/webhooks/wordpress?project_id=${id}`, { name: "Jo", phone: "021 555 0123" }, { "X-Apex-Key": wordpress.key });
  await twilio.until(() => twilio.dialsTo(owner)[0]);
};

/** A refresh token's two halves: either alone would be too much. */
const spelled = (name: string, token: string): Record<string, string> => Object.fromEntries(token.slice(3).split(".").map((part, index) => [`${name} refresh ${index}`, part]));

/** As the mails have them, made again from their rows. */
const mailedTokens = async (): Promise<Record<string, string>> => {
  const { results } = await env.DB.prepare("SELECT id, token_hash FROM mailed_tokens").all<{ id: string; token_hash: string }>();
  expect(results.length).toBeGreaterThan(1);
  return Object.fromEntries(results.map((row) => [row.id, mailedTokenAgain(row, SERVICE_SECRETS.APEX_JWT_SECRET) ?? ""]));
};

/** Drives the house from signing up to erasing. @returns the secrets that it made on the way */
const live = async (): Promise<Record<string, string>> => {
  const email = `${fresh("canary")}@example.nz`;
  const { token, tenant_id } = session.parse(await show("POST", "/api/auth/signup", { email, password: PASSWORD }));
  const again = session.parse(await show("POST", "/api/auth/login", { email, password: PASSWORD }));
  await ask("POST", "/api/auth/login", { email, password: WRONG_PASSWORD });
  await ask("POST", "/api/auth/signup", { email, password: PASSWORD });
  const user = { Authorization: `Bearer ${token}` };
  const refreshed = session.parse(await show("POST", "/api/auth/refresh", { refresh_token: again.refresh_token }));
  const api = z.object({ key: z.string() }).parse(await show("POST", "/api/api-keys", { name: "canary", scopes: ["leads:read"] }, { ...user, "Idempotency-Key": "canary-key" }));
  await ask("GET", "/api/api-keys", undefined, { Authorization: `Bearer ${api.key}` });
  await ask("GET", "/api/entities", undefined, { Authorization: `Bearer ${api.key}` });
  await ask("POST", "/api/auth/refresh", { refresh_token: again.refresh_token });
  await ask("POST", "/api/auth/password/forgot", { email });
  await ask("POST", "/api/auth/password/reset", { token: STRANGERS_KEY, password: WRONG_PASSWORD });
  await ask("GET", "/api/auth/sessions", undefined, user);
  await ask("GET", "/api/auth/me", undefined, user);
  const id = fresh("canary-project");
  const owner = "+64211000177";
  await ask("POST", "/api/projects", { project_id: id, name: "Canary Plumbing", country: "NZ" }, user);
  await ask("PUT", `/api/projects/${id}/dna/custom`, `modules: {lead_gen: {sales_bridge: {destination_phone: "${owner}"}}}`, { ...user, "Content-Type": "application/yaml" });
  const shown = keys.parse(await show("GET", `/api/projects/${id}/webhooks`, undefined, user));
  const rotated = z.object({ key: z.string() }).parse(await show("POST", `/api/projects/${id}/webhooks/rotate`, { source: "wordpress" }, user));
  await ask("PUT", `/api/projects/${id}/secrets/wordpress`, { url: "https://acme.example", username: "apex", application_password: WORDPRESS }, user);
  await ask("PUT", `/api/projects/${id}/secrets/wordpress`, { url: `https://apex:${STRANGERS_KEY}@acme.example`, username: "apex", application_password: WORDPRESS }, user);
  await ask("PUT", `/api/projects/${id}/secrets/wordpress`, { url: 5, application_password: { nested: WORDPRESS } }, user);
  await ask("GET", `/api/projects/${id}/secrets/wordpress`, undefined, user);
  await ask("PUT", `/api/projects/${id}/secrets/webhook-signing`, { scheme: "wpforms", secret: SIGNING }, user);
  await ask("PUT", `/api/projects/${id}/secrets/webhook-signing`, { scheme: "standard_webhooks", secret: SIGNING }, user);
  await ask("GET", `/api/projects/${id}/secrets/webhook-signing`, undefined, user);
  await ask("POST", `/api/webhooks/wordpress?project_id=${id}`, { name: "x" }, { "X-Apex-Key": rotated.key, "X-WPForms-Webhook-Signature": "t=1,v=2" });
  await ask("DELETE", `/api/projects/${id}/secrets/webhook-signing`, undefined, user);
  await ownAccount(user);

  // Vendors repeat what they were sent, the credentials among it.
  twilio.answerWith((wire) => (wire.path.endsWith("/Messages.json") ? { status: 400, body: { code: 21211, message: `bad request by ${SERVICE_SECRETS.TWILIO_AUTH_TOKEN}` } } : undefined));
  const form = { name: PERSON.name, phone: PERSON.typed, email: PERSON.email, message: PERSON.message };
  await ask("POST", `/api/webhooks/wordpress?project_id=${id}&key=${STRANGERS_KEY}`, form);
  await ask("POST", `/api/webhooks/wordpress?project_id=${id}&key=${rotated.key}`, form);
  await ask("POST", `/api/webhooks/wordpress?project_id=${id}`, { ...form, message: "and more words" }, { "X-Apex-Key": rotated.key });
  await ask("POST", `/api/webhooks/google-ads?project_id=${id}`, { google_key: shown.google_ads.key, lead_id: fresh("lead"), is_test: true, user_column_data: [{ column_id: "FULL_NAME", string_value: PERSON.name }, { column_id: "EMAIL", string_value: PERSON.email }] });
  const dial = await twilio.until(() => twilio.dialsTo(owner)[0]);
  const leg = await twilio.until(() => twilio.calls.find((call) => call.to === owner));
  await note("whisper", await fromTwilio(dial.form.get("Url") ?? "", { CallSid: leg.sid, CallStatus: "in-progress" }));
  await note("status", await fromTwilio(dial.form.get("StatusCallback") ?? "", { CallSid: leg.sid, CallStatus: "completed" }));
  const leads = items.parse(await (await ask("GET", "/api/entities?type=lead", undefined, user)).json()).items;
  const lead = leads.find((one) => one.primary_contact === PERSON.phone)?.id ?? "";
  await ask("PATCH", `/api/entities/${lead}`, { metadata: { note: PERSON.name, [PERSON.email]: PERSON.phone } }, user);
  await ask("POST", "/api/entities", { entity_type: "lead", project_id: id, name: PERSON.name, primary_contact: PERSON.email, metadata: { phone: PERSON.phone } }, { ...user, "Idempotency-Key": "canary" });
  await ask("POST", "/api/run", { task: "sales_agent", action: "notify_sms", project_id: id, params: { lead_id: lead } }, { ...user, Prefer: "wait=20" });
  await ask("GET", "/api/runs", undefined, user);
  await ask("GET", "/api/entities/export?type=lead", undefined, user);
  // What breaks inside.
  await env.DB.prepare("UPDATE webhook_keys SET key_sealed = ?2 WHERE project_id = ?1 AND source = 'google_ads'").bind(id, `v1.00000000.${"A".repeat(16)}.${"A".repeat(30)}`).run();
  expect((await ask("GET", `/api/projects/${id}/webhooks`, undefined, user)).status).toBe(500);
  const operator = { Authorization: `Bearer ${SERVICE_SECRETS.APEX_OPERATOR_SECRET}` };
  await ask("POST", "/api/operator/vault/rotate", undefined, operator);
  await ask("GET", "/api/operator/tenants", undefined, operator);
  await ask("POST", `/api/operator/tenants/${tenant_id}/plan`, { plan: "pro" }, operator);
  await ask("DELETE", `/api/entities/${lead}`, undefined, user);
  for (const path of ["/health", "/openapi.json", "/docs", "/api/calls", "/api/audit?limit=200", `/api/projects/${id}`, `/api/projects/${id}/dna`, "/api/entities/nobody"]) await ask("GET", path, undefined, user);
  await vi.waitUntil(async () => items.parse(await (await request("/api/runs?task=privacy", { headers: user })).json()).items.some((run) => run.status === "succeeded"), { timeout: 20_000, interval: 20 });
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController(), env);
  await waitOnExecutionContext(context);
  return { token, login_token: again.token, ...spelled("login", again.refresh_token), ...spelled("refreshed", refreshed.refresh_token), api_key: api.key, ...(await mailedTokens()), google_key: shown.google_ads.key, wordpress_key: shown.wordpress.key, rotated_key: rotated.key };
};

it("no secret comes out anywhere, and no person's data into the audit log", async () => {
  const made = await live();
  const secrets = { ...SERVICE_SECRETS, PASSWORD, WRONG_PASSWORD, WORDPRESS, STRANGERS_KEY, TENANTS_TOKEN, SIGNING, ...made };
  const objects = (await env.STORAGE.list()).objects.map((object) => object.key);
  const tables = await everyTable();
  const outputs = [{ what: "log", text: lines.join("\n") }, ...answers, ...tables, { what: "object names", text: objects.join("\n") }];

  // The canary must have sung: what is searched is not empty, and holds what it should.
  expect(lines.some((line) => line.includes("lead received"))).toBe(true);
  expect(lines.some((line) => line.includes("[redacted]"))).toBe(true);
  expect(objects.length).toBeGreaterThan(0);
  expect(tables.map((table) => table.what)).toEqual(expect.arrayContaining(["table runs", "table audit", "table secrets", "table webhook_keys"]));
  expect(answers.length).toBeGreaterThan(30);

  const found = outputs.flatMap(({ what, text }) =>
    Object.entries(secrets).flatMap(([name, secret]) => [secret, encodeURIComponent(secret), btoa(secret)].filter((spelling) => text.includes(spelling)).map(() => `${name} in ${what}`)),
  );
  expect(found).toEqual([]);

  const audit = tables.find((table) => table.what === "table audit")?.text ?? "";
  const actions = new Set(z.array(z.looseObject({ action: z.string() })).parse(JSON.parse(audit)).map((row) => row.action));
  expect([...actions]).toEqual(
    expect.arrayContaining([
      "user.signed_up", "session.opened", "session.ended", "api_key.created", "verification.requested", "password_reset.requested", "project.created", "dna.written", "webhook_keys.shown", "webhook_key.rotated", "secret.written", "lead.received", "lead.repeated", "entity.created", "entity.changed",
      "call.ended", "run.queued", "entities.exported", "person.erased", "person.erasure_completed", "tenant.plan_set",
    ]),
  );
  for (const personal of [...Object.values(PERSON), "Nightingale", "215550177", "+64211000177"]) expect([personal, audit.includes(personal)]).toEqual([personal, false]);
});
