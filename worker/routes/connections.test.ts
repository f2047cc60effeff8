import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, postForm, request, signUp, asUser, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire, type WireAnswer } from "../../test/support/twilio-wire.ts";
import { createWordpressWire, type WordpressWire } from "../../test/support/wordpress-wire.ts";

const ORIGIN = "https://rata-plumbing.example";
const LOGIN = { username: "rata", application_password: "abcd efgh ijkl" };
const connectionsSchema = z.object({ calls_from: z.string(), items: z.array(z.object({ connection: z.string(), state: z.string(), at: z.string().nullable(), what: z.string().nullable() })) });
const checkSchema = z.object({ ok: z.boolean(), findings: z.array(z.object({ what: z.string(), passed: z.boolean(), detail: z.string() })) });

let wordpress: WordpressWire;
let isSiteUp = true;
/** What Twilio says of a number; the stand-in's own answers otherwise. */
let numberAnswer: WireAnswer | undefined;
let twilio: TwilioWire;
beforeAll(() => {
  wordpress = createWordpressWire({ origin: ORIGIN, ...LOGIN, role: "author" });
  twilio = standInForTwilio(async (wire) => {
    const url = new URL(wire.url);
    if (url.pathname === "/dns-query") return Response.json(url.searchParams.get("type") === "A" ? { Status: 0, Answer: [{ type: 1, data: "93.184.216.34" }] } : { Status: 0 });
    return isSiteUp ? wordpress.serve(wire) : Promise.resolve(new Response("", { status: 503 }));
  });
  twilio.answerWith(({ path }) => (path.endsWith("/IncomingPhoneNumbers.json") ? numberAnswer : undefined));
});
afterAll(() => twilio.restore());

const connections = async (project: TestProject) => connectionsSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/connections`)).json());
const stateOf = async (project: TestProject, name: string) => (await connections(project)).items.find(({ connection }) => connection === name);
const check = async (project: TestProject, connection: string): Promise<Response> => project.api("POST", `/api/projects/${project.id}/connections/${connection}/check`);
const found = async (project: TestProject, connection: string) => checkSchema.parse(await (await check(project, connection)).json());
const problemOf = async (response: Response): Promise<[number, string]> => [response.status, z.object({ code: z.string() }).parse(await response.json()).code];
const testData = async (project: TestProject, key: string): Promise<Response> =>
  request(`/api/webhooks/google-ads?project_id=${project.id}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ google_key: key, is_test: true, lead_id: "test", user_column_data: [{ column_id: "FULL_NAME", string_value: "Test" }] }) });

describe("what a project is connected to", () => {
  it("is nothing at first, and its calls go out from the service's number", async () => {
    const { calls_from, items } = await connections(await makeProject());
    expect(calls_from).toBe(env.TWILIO_PHONE_NUMBER);
    expect(items.map(({ connection, state }) => [connection, state])).toEqual([["google_ads", "missing"], ["website_form", "missing"], ["phone_number", "missing"], ["wordpress", "missing"]]);
  });

  it("is told by what comes: a vendor's test data, then a lead; not by a refused one", async () => {
    const project = await makeProject();
    expect((await testData(project, "wrong")).status).toBe(401);
    expect(await stateOf(project, "google_ads")).toMatchObject({ state: "missing", at: null });
    expect((await testData(project, project.keys.google_ads)).status).toBe(200);
    expect(await stateOf(project, "google_ads")).toMatchObject({ state: "tested", at: expect.any(String) as unknown });
    expect(await stateOf(project, "website_form")).toMatchObject({ state: "missing" });
    expect((await postForm(project, { "your-name": "Jane", "your-message": "Hello" })).status).toBe(200);
    expect(await stateOf(project, "website_form")).toMatchObject({ state: "connected" });
  });
});

describe("the check of a number", () => {
  const number = "+6495557100";
  const answer = (urls: Record<string, string>): WireAnswer => ({ status: 200, body: { incoming_phone_numbers: [{ phone_number: number, ...urls }] } });

  it("says whose it is and where its calls and texts go, and forgets nothing when Twilio is away", async () => {
    const project = await makeProject();
    expect(await problemOf(await check(project, "phone_number"))).toEqual([409, "number_missing"]);
    numberAnswer = answer({ voice_url: "", sms_url: "https://elsewhere.example/sms" });
    expect((await project.api("PUT", `/api/projects/${project.id}/numbers/${number}`, {})).status).toBe(204);
    expect(await connections(project)).toMatchObject({ calls_from: number });
    const [account, call, text] = (await found(project, "phone_number")).findings;
    expect(account).toMatchObject({ passed: true });
    expect(call).toMatchObject({ passed: false, detail: `goes nowhere: set it to https://apex.test/api/voice/incoming?project_id=${project.id}` });
    expect(text?.detail).toContain("goes to https://elsewhere.example/sms");

    numberAnswer = answer({ voice_url: `https://apex.test/api/voice/incoming?project_id=${project.id}`, sms_url: `https://apex.test/api/sms/incoming?project_id=${project.id}` });
    expect(await found(project, "phone_number")).toMatchObject({ ok: true });
    numberAnswer = { status: 200, body: { incoming_phone_numbers: [] } };
    expect((await found(project, "phone_number")).findings).toEqual([{ what: "The account at Twilio", passed: false, detail: `does not have ${number}` }]);
    numberAnswer = { status: 401, body: { code: 20003, message: "Authenticate" } };
    expect((await found(project, "phone_number")).findings[0]?.detail).toContain("refuses the token");
    numberAnswer = { status: 503, body: {} };
    expect(await problemOf(await check(project, "phone_number"))).toEqual([502, "internal"]);
    expect(await stateOf(project, "phone_number")).toMatchObject({ state: "set_up", what: number });
  });
});

describe("the check of a WordPress", () => {
  const connect = async (project: TestProject, login = LOGIN): Promise<Response> => project.api("PUT", `/api/projects/${project.id}/secrets/wordpress`, { url: `${ORIGIN}/`, ...login });

  it("signs in and says what the account may not do, in words for the owner", async () => {
    const project = await makeProject();
    expect(await problemOf(await check(project, "wordpress"))).toEqual([409, "wordpress_not_connected"]);
    expect((await connect(project)).status).toBe(204);
    expect(await stateOf(project, "wordpress")).toMatchObject({ state: "set_up", what: `${ORIGIN}/` });
    const { ok, findings } = await found(project, "wordpress");
    expect([ok, findings.map(({ what, passed }) => [what, passed])]).toEqual([false, [["The account", false]]]);
    await project.api("PATCH", `/api/projects/${project.id}/dna/custom`, { modules: { local_seo: { publishing: { post_type: "post" } } } });
    expect(await found(project, "wordpress")).toMatchObject({ ok: true });
  });

  it("says that a password is wrong; a site that is down is no answer", async () => {
    const project = await makeProject();
    await connect(project, { ...LOGIN, application_password: "wrong" });
    const { ok, findings } = await found(project, "wordpress");
    expect([ok, findings[0]?.detail]).toEqual([false, expect.stringContaining("does not accept") as unknown]);
    isSiteUp = false;
    expect(await problemOf(await check(project, "wordpress"))).toEqual([502, "internal"]);
    isSiteUp = true;
  });
});

describe("whoever asks", () => {
  it("needs to be an admin to have a vendor asked; a reader may look", async () => {
    const project = await makeProject();
    const { key } = z.object({ key: z.string() }).parse(await (await project.api("POST", "/api/api-keys", { name: "reader", scopes: ["leads:read"] })).json());
    const reader = asUser(key);
    expect((await reader("GET", `/api/projects/${project.id}/connections`)).status).toBe(200);
    expect((await reader("POST", `/api/projects/${project.id}/connections/wordpress/check`)).status).toBe(403);
    expect((await asUser((await signUp()).token)("GET", `/api/projects/${project.id}/connections`)).status).toBe(404);
  });

  it("is told the account's name, which deleting it asks for", async () => {
    const { token, email } = await signUp();
    const me = z.object({ tenant_name: z.string() }).parse(await (await asUser(token)("GET", "/api/auth/me")).json());
    expect(me.tenant_name).toBe(email.split("@")[0]);
  });
});
