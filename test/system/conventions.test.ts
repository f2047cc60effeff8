import { describe, expect, it } from "vitest";
import { entitySchema } from "./support/api.schemas.ts";
import { send, signUp } from "./support/client.ts";
import { useHouse } from "./support/house.ts";

const house = useHouse();
/** The client checks every answer of every test for X-Request-Id, and every error for RFC 9457; see support/client.ts. */

describe("every answer", () => {
  it("carries a request id: ours, or the sane one that came", async () => {
    const own = (await send("GET", `${house.url}/health`)).headers.get("X-Request-Id");
    expect(own).toBeTruthy();
    expect((await send("GET", `${house.url}/health`, { headers: { "X-Request-Id": "trace-1:2.3" } })).headers.get("X-Request-Id")).toBe("trace-1:2.3");
    const insane = await send("GET", `${house.url}/api/calls`, { headers: { "X-Request-Id": "a b<script>" } });
    expect(insane.headers.get("X-Request-Id")).not.toContain("<");
  });

  it.each([
    ["nowhere", "GET", "/nowhere", {}, 404, "not_found"],
    ["no token", "GET", "/api/calls", {}, 401, "unauthorized"],
    ["a bad token", "GET", "/api/calls", { headers: { Authorization: "Bearer nonsense" } }, 401, "unauthorized"],
    ["an unsigned callback", "POST", "/api/voice/status", { body: "" }, 403, "bad_signature"],
    ["a wrong key", "POST", "/api/webhooks/google-ads?project_id=x", { json: { google_key: "x", user_column_data: [] } }, 401, "unauthorized"],
    ["broken JSON", "POST", "/api/auth/login", { body: "{", headers: { "Content-Type": "application/json" } }, 400, "malformed"],
    ["a form where JSON is wanted", "POST", "/api/auth/login", { body: "a=b", headers: { "Content-Type": "application/x-www-form-urlencoded" } }, 415, "unsupported_media_type"],
    ["JSON that is not valid", "POST", "/api/auth/login", { json: { email: "nobody" } }, 422, undefined],
  ] as const)("to %s is problem+json", async (_what, method, path, ask, status, code) => {
    const answer = await send(method, `${house.url}${path}`, ask);
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(answer.problem().code).toBe(code);
    if (status === 422) expect(answer.problem().errors?.map((error) => error.path)).toEqual(expect.arrayContaining(["email", "password"]));
  });
});

describe("a body", () => {
  it.each(["/api/projects", "/api/webhooks/wordpress?project_id=x", "/api/auth/signup", "/api/voice/status"])("of more than 256 KiB is 413 at %s", async (path) => {
    const body = JSON.stringify({ project_id: "big", name: "x".repeat(300 * 1024), country: "NZ" });
    const answer = await house.client.ask("POST", path, { body, headers: { "Content-Type": "application/json" } });
    expect([answer.status, answer.problem().code]).toEqual([413, "too_large"]);
  });

  it("of the wrong type is 415, one that cannot be read 400, and one that is not valid 422", async () => {
    const body = JSON.stringify({ project_id: "p", name: "P", country: "NZ" });
    for (const path of ["/api/projects", "/api/entities", "/api/run"]) {
      expect((await house.client.ask("POST", path, { body, headers: { "Content-Type": "text/plain" } })).status).toBe(415);
      expect((await house.client.ask("POST", path, { body: "{", headers: { "Content-Type": "application/json" } })).status).toBe(400);
      expect((await house.client.ask("POST", path, { json: { project_id: "not an id!" } })).status).toBe(422);
    }
  });
});

describe("accounts", () => {
  it("sign up once, sign in with the right password only, and say who they are", async () => {
    const { client, email, password, tenant_id } = await signUp(house.url);
    const again = await send("POST", `${house.url}/api/auth/signup`, { json: { email, password } });
    expect([again.status, again.problem().code]).toEqual([409, "email_taken"]);
    expect((await send("POST", `${house.url}/api/auth/signup`, { json: { email: `x${email}`, password: "too short" } })).status).toBe(422);
    expect((await send("POST", `${house.url}/api/auth/login`, { json: { email, password } })).status).toBe(200);
    const refused = await Promise.all([{ email, password: "wrong password 1" }, { email: `nobody-${email}`, password }].map((json) => send("POST", `${house.url}/api/auth/login`, { json })));
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(new Set(refused.map((answer) => answer.problem().detail)).size).toBe(1);
    const me = await client.ask("GET", "/api/auth/me");
    expect(JSON.parse(me.bytes.toString())).toMatchObject({ user: { email }, tenant_id, role: "owner", scopes: expect.arrayContaining(["admin", "leads:read"]) as unknown });
  });
});

describe("lists", () => {
  it("go newest first, page by page, and stay in place while rows are added", async () => {
    const { client } = await signUp(house.url);
    const add = async (name: string): Promise<string> => (await client.ask("POST", "/api/entities", { json: { entity_type: "note", name } })).as(entitySchema).id;
    const made: string[] = [];
    for (let n = 0; n < 5; n++) made.push(await add(`note ${n}`));
    const first = await client.entities({ limit: "2" });
    await add("late");
    const second = await client.entities({ limit: "2", cursor: first.next_cursor ?? "" });
    const third = await client.entities({ limit: "2", cursor: second.next_cursor ?? "" });
    expect([...first.items, ...second.items, ...third.items].map(({ id }) => id)).toEqual(made.toReversed());
    expect(third.next_cursor).toBeNull();
    for (const limit of ["0", "201", "x"]) expect((await client.ask("GET", `/api/entities?limit=${limit}`)).status).toBe(422);
  });
});
