import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { newId } from "../core/ids.ts";
import { SCOPES } from "../core/security/scopes.ts";
import { asUser, fresh, makeProject, type TestProject } from "../test/support/api.ts";
import { standInForEmbeddings } from "../test/support/embeddings-wire.ts";
import { furnish, HOST, type Ids, listSchema, MARK, type Name, PHONE, rowsOf } from "./isolation.testing.ts";
import { POLICIES } from "./policy.ts";

/*
 * Two tenants. One asks for what is the other's, by every operation and in every place where an id can stand, and for what is
 * nobody's, in the same words. The two answers must be the same, hold nothing of the other's, and leave no row changed.
 */

interface Ask {
  /** What stands for {id} in the path. */
  id?: Name;
  query?: Record<string, string>;
  body?: unknown;
  type?: string;
}

const NEEDS_NO_TOKEN = new Set(["public", "vendor", "operator"]);
/** The smallest PNG that there is, with words about it. */
const PHOTO_FORM = `--x\r\nContent-Disposition: form-data; name="alt"\r\n\r\nA tap\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nnot yet\r\n--x--\r\n`;

/** Operations in which nothing of somebody else's can be named: they are about the caller's own session, account or tenant. */
const ABOUT_ONESELF = new Set([
  "GET /api/auth/me", "POST /api/auth/verify/resend", "POST /api/auth/password", "POST /api/auth/logout", "GET /api/auth/sessions",
  "POST /api/invitations", "POST /api/api-keys", "POST /api/export", "DELETE /api/tenant", "GET /api/audit/verify",
  // A project's name is unique over all tenants, and a taken one is 409: API.md says so.
  "POST /api/projects",
]);
const withId = (id: Name, body?: unknown): (() => Ask) => () => ({ id, body });
const named = (body?: unknown): (() => Ask) => () => ({ body });
const listed = (query: (ids: Ids) => Record<string, string> = () => ({})) => (ids: Ids): Ask => ({ query: query(ids) });
const ofProject = listed(({ project }) => ({ project_id: project }));

/** How each of the others is asked, in words that would be valid at home. A new operation needs a line here or above. */
const ASKS: Readonly<Record<string, (ids: Ids) => Ask>> = {
  "GET /api/members": listed(),
  "PATCH /api/members/{id}": withId("member", { role: "viewer" }),
  "DELETE /api/members/{id}": withId("member"),
  "GET /api/invitations": listed(),
  "DELETE /api/invitations/{id}": withId("invitation"),
  "GET /api/api-keys": listed(),
  "DELETE /api/api-keys/{id}": withId("key"),
  "DELETE /api/auth/sessions/{id}": withId("session"),
  "GET /api/projects": listed(),
  "GET /api/projects/{project_id}": named(),
  "GET /api/projects/{project_id}/webhooks": named(),
  "POST /api/projects/{project_id}/webhooks/rotate": named({ source: "google_ads" }),
  "GET /api/projects/{project_id}/secrets/wordpress": named(),
  "GET /api/projects/{project_id}/secrets/search-console": named(),
  "PUT /api/projects/{project_id}/secrets/search-console": named({ site_url: "sc-domain:acme.example", client_email: "a@b.iam.gserviceaccount.com", private_key: "mine" }),
  "PUT /api/projects/{project_id}/secrets/wordpress": named({ url: "https://acme.example", username: "me", application_password: "mine" }),
  "GET /api/projects/{project_id}/secrets/webhook-signing": named(),
  "PUT /api/projects/{project_id}/secrets/webhook-signing": named({ scheme: "wpforms", secret: "not theirs" }),
  "DELETE /api/projects/{project_id}/secrets/webhook-signing": named(),
  "GET /api/projects/{project_id}/connections": named(),
  "POST /api/projects/{project_id}/connections/{connection}/check": named(),
  "GET /api/projects/{project_id}/numbers": named(),
  "PUT /api/projects/{project_id}/numbers/{phone_number}": named({ twilio: { account_sid: "ACmine", auth_token: "mine" } }),
  "DELETE /api/projects/{project_id}/numbers/{phone_number}": named(),
  "GET /api/projects/{project_id}/hosts": named(),
  "PUT /api/projects/{project_id}/hosts/{host}": named({}),
  "POST /api/projects/{project_id}/hosts/{host}/verify": named(),
  "DELETE /api/projects/{project_id}/hosts/{host}": named(),
  "GET /api/projects/{project_id}/photos/{id}": withId("photo"),
  "POST /api/projects/{project_id}/photos": () => ({ body: PHOTO_FORM, type: "multipart/form-data; boundary=x" }),
  "DELETE /api/projects/{project_id}/photos/{id}": withId("photo"),
  "GET /api/projects/{project_id}/destinations": named(),
  "POST /api/projects/{project_id}/destinations/{phone}/verify": named({ channel: "sms" }),
  "POST /api/projects/{project_id}/destinations/{phone}/confirm": named({ code: "000000" }),
  "GET /api/projects/{project_id}/blocklist": named(),
  "GET /api/projects/{project_id}/blocklist/{phone_number}": named(),
  "PUT /api/projects/{project_id}/blocklist/{phone_number}": named({}),
  "DELETE /api/projects/{project_id}/blocklist/{phone_number}": named(),
  "GET /api/projects/{project_id}/dna": named(),
  "GET /api/projects/{project_id}/dna/origins": named(),
  "GET /api/projects/{project_id}/dna/custom": named(),
  "PUT /api/projects/{project_id}/dna/custom": () => ({ body: "services: []\n", type: "application/yaml" }),
  "PATCH /api/projects/{project_id}/dna/custom": named({ services: null }),
  "POST /api/projects/{project_id}/dna/custom/check": () => ({ body: "services: []\n", type: "application/yaml" }),
  "POST /api/projects/{project_id}/dna/custom/restore": ({ version }) => ({ body: { version } }),
  "GET /api/projects/{project_id}/dna/generated": named(),
  "GET /api/projects/{project_id}/dna/{layer}/versions": named(),
  "GET /api/projects/{project_id}/dna/{layer}/versions/{version}": named(),
  "GET /api/projects/{project_id}/dna/{layer}/diff": ({ version }) => ({ query: { from: version } }),
  "GET /api/projects/{project_id}/context": listed(() => ({ q: "tap" })),
  "GET /api/entities": ofProject,
  "POST /api/entities": ({ project }) => ({ body: { project_id: project, entity_type: "lead", name: "Planted" } }),
  "POST /api/entities/import": ({ project }) => ({ query: { project_id: project }, body: "name,phone\nPlanted,021 555 1234\n", type: "text/csv" }),
  "GET /api/entities/export": listed(({ project }) => ({ project_id: project, type: "lead", format: "csv" })),
  "GET /api/entities/{id}": withId("lead"),
  "PATCH /api/entities/{id}": withId("lead", { name: "Mine now" }),
  "DELETE /api/entities/{id}": withId("lead"),
  "GET /api/entities/{id}/timeline": withId("lead"),
  "GET /api/pages/{id}": withId("page"),
  "GET /api/pages/{id}/versions": withId("page"),
  "GET /api/pages/{id}/preview": withId("page"),
  "POST /api/pages/{id}/hold": withId("page"),
  "POST /api/pages/{id}/release": withId("page"),
  "POST /api/pages/{id}/approve": withId("page"),
  "POST /api/pages/{id}/rewrite": withId("page", {}),
  "GET /api/projects/{project_id}/pages": named(),
  "GET /api/projects/{project_id}/pages/pipeline": named(),
  "GET /api/messages": listed(({ project, lead }) => ({ project_id: project, lead_id: lead })),
  "GET /api/calls": listed(({ project, lead }) => ({ project_id: project, lead_id: lead })),
  "GET /api/calls/{id}": withId("call"),
  "GET /api/calls/{id}/recording": withId("call"),
  "DELETE /api/calls/{id}/recording": withId("call"),
  "GET /api/stats": ofProject,
  "GET /api/usage": ofProject,
  "GET /api/live": ofProject,
  "POST /api/run": ({ project, lead }) => ({ body: { task: "sales_agent", action: "instant_call", project_id: project, params: { lead_id: lead } } }),
  "GET /api/runs": ofProject,
  "GET /api/runs/{id}": withId("run"),
  "POST /api/runs/retry": ({ run }) => ({ body: { ids: [run] } }),
  "POST /api/runs/{id}/retry": withId("run"),
  "GET /api/projects/{project_id}/hunt": named(),
  "GET /api/hunts/{id}": withId("hunt"),
  "GET /api/campaigns": ofProject,
  "GET /api/campaigns/{id}": withId("campaign"),
  "GET /api/campaigns/{id}/recipients": withId("campaign"),
  "POST /api/campaigns/{id}/start": withId("campaign"),
  "POST /api/campaigns/{id}/pause": withId("campaign"),
  "POST /api/campaigns/{id}/resume": withId("campaign"),
  "POST /api/campaigns/{id}/stop": withId("campaign"),
  "POST /api/runs/{id}/cancel": withId("run"),
  "GET /api/webhook-endpoints": listed(),
  "POST /api/webhook-endpoints": ({ project }) => ({ body: { url: "https://mine.example/", events: ["lead.created"], project_id: project } }),
  "GET /api/webhook-endpoints/{id}": withId("endpoint"),
  "PATCH /api/webhook-endpoints/{id}": withId("endpoint", { url: "https://mine.example/" }),
  "DELETE /api/webhook-endpoints/{id}": withId("endpoint"),
  "POST /api/webhook-endpoints/{id}/rotate-secret": withId("endpoint"),
  "POST /api/webhook-endpoints/{id}/test": withId("endpoint"),
  "GET /api/webhook-endpoints/{id}/deliveries": withId("endpoint"),
  "POST /api/webhook-endpoints/{id}/replay": withId("endpoint", { since: "2026-01-01T00:00:00Z" }),
  "GET /api/webhook-deliveries/{id}": withId("delivery"),
  "POST /api/webhook-deliveries/{id}/replay": withId("delivery"),
  "GET /api/audit": listed(({ lead }) => ({ resource: `entity:${lead}` })),
  "GET /api/export/{id}": withId("export"),
};

let victim: TestProject;
let stranger: TestProject;
let theirs: Ids;
let nobodys: Ids;

const guarded = Object.entries(POLICIES).flatMap(([operation, { access }]) => (NEEDS_NO_TOKEN.has(access) ? [] : [operation]));

/** The request's answer with what differs from one request to the next, and the ids that were asked for, taken out. */
const answerTo = async (api: TestProject["api"], operation: string, ids: Ids): Promise<{ status: number; text: string }> => {
  const [method = "", path = ""] = operation.split(" ");
  const { id, query = {}, body, type } = ASKS[operation]?.(ids) ?? {};
  const fill: Record<string, string> = { project_id: ids.project, id: id === undefined ? "" : ids[id], phone_number: encodeURIComponent(PHONE), phone: encodeURIComponent(PHONE), host: HOST, layer: "custom", version: ids.version, connection: "wordpress" };
  const where = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fill[name] ?? "");
  const search = new URLSearchParams(query).toString();
  const response = await api(method, search === "" ? where : `${where}?${search}`, body, type === undefined ? {} : { "Content-Type": type });
  const text = Object.entries(ids).reduce((said, [name, value]) => said.replaceAll(value, `<${name}>`), await response.text());
  return { status: response.status, text: text.replaceAll(/req_\w+/g, "<request>").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>") };
};

beforeAll(async () => {
  standInForEmbeddings();
  victim = await makeProject();
  stranger = await makeProject();
  theirs = await furnish(victim);
  const now = Date.now();
  nobodys = {
    photo: newId("ent", now), project: fresh("nobodys"), lead: newId("ent", now), page: newId("ent", now), call: newId("call", now), run: newId("run", now), invitation: newId("inv", now), member: newId("usr", now), export: newId("exp", now), campaign: newId("cmp", now), hunt: newId("run", now), endpoint: newId("whe", now), delivery: newId("whd", now),
    key: theirs.key.replace(/.$/, (last) => (last === "0" ? "1" : "0")), session: theirs.session.replace(/.$/, (last) => (last === "0" ? "1" : "0")), version: theirs.version,
  };
});

describe("another tenant", { timeout: 120_000 }, () => {
  it("is asked for in every operation in which something of theirs can be named", () => {
    expect(Object.values(theirs)).not.toContain("");
    expect(guarded.filter((operation) => ASKS[operation] === undefined && !ABOUT_ONESELF.has(operation)), "operations that this test does not know").toEqual([]);
    expect([...Object.keys(ASKS), ...ABOUT_ONESELF].filter((operation) => !guarded.includes(operation)), "operations that are no more").toEqual([]);
  });

  it("is there for itself: the same words find something at home", async () => {
    const reading = Object.keys(ASKS).filter((operation) => operation.startsWith("GET") && !operation.includes("/recording"));
    for (const operation of reading) expect([operation, (await answerTo(victim.api, operation, theirs)).status]).toEqual([operation, 200]);
  });

  it("is to a stranger what is nobody's, and not a row of it changes", async () => {
    const before = await rowsOf(victim.tenant_id);
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(10);
    for (const operation of Object.keys(ASKS)) {
      const answer = await answerTo(stranger.api, operation, theirs);
      expect([operation, answer], operation).toEqual([operation, await answerTo(stranger.api, operation, nobodys)]);
      expect([operation, answer.text.includes(MARK)]).toEqual([operation, false]);
      // A list that is narrowed to what one does not have is empty; everything else is not there.
      if (/\{(?:id|project_id)\}/.test(operation)) expect([operation, answer.status]).toEqual([operation, 404]);
    }
    expect(await rowsOf(victim.tenant_id)).toEqual(before);
  });

  it("lends nobody its place in a list: its cursor shows a stranger only what is their own", async () => {
    const lists = Object.keys(ASKS).filter((operation) => operation.startsWith("GET") && !operation.includes("{"));
    let cursors = 0;
    for (const operation of lists) {
      const path = operation.slice("GET ".length);
      const page = await victim.api("GET", `${path}?limit=1`);
      const parsed = listSchema.safeParse(await page.json().catch(() => null));
      const cursor = parsed.data?.next_cursor;
      if (cursor === undefined || cursor === null) continue;
      cursors += 1;
      const theirPage = await stranger.api("GET", `${path}?cursor=${encodeURIComponent(cursor)}`);
      const text = await theirPage.text();
      expect([operation, theirPage.status, text.includes(MARK), Object.values(theirs).filter((id) => id !== theirs.version && text.includes(id))]).toEqual([operation, 200, false, []]);
    }
    expect(cursors).toBeGreaterThanOrEqual(3);
  });
});

describe("a key that was taken back", { timeout: 120_000 }, () => {
  it("is 401 in every operation", async () => {
    const { id, key } = z.object({ id: z.string(), key: z.string() }).parse(await (await victim.api("POST", "/api/api-keys", { name: "gone", scopes: SCOPES })).json());
    expect((await asUser(key)("GET", "/api/entities")).status).toBe(200);
    expect((await victim.api("DELETE", `/api/api-keys/${id}`)).status).toBe(204);
    const before = await rowsOf(victim.tenant_id);
    const answers = await Promise.all(guarded.map(async (operation) => [operation, (await answerTo(asUser(key), operation, theirs)).status]));
    expect(answers).toEqual(guarded.map((operation) => [operation, 401]));
    expect(await rowsOf(victim.tenant_id)).toEqual(before);
  });
});
