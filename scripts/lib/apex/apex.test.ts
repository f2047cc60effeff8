import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { POLICIES } from "../../../worker/policy.ts";
import { ROOT } from "../wrangler.ts";
import { COMMANDS } from "./commands.ts";
import { readCommand, USAGE } from "./read-command.ts";
import { runCommand } from "./run-command.ts";

/** A service that answers what the test says, in turn. */
const service = (...answers: { status?: number; body: unknown }[]) => {
  const asked: { method: string; url: string; body: string; headers: Headers }[] = [];
  const printed: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push({ method: request.method, url: request.url, body: await request.text(), headers: request.headers });
    const { status = 200, body } = answers[Math.min(asked.length, answers.length) - 1] ?? { body: {} };
    return status === 204 ? new Response(null, { status }) : typeof body === "string" ? new Response(body, { status }) : Response.json(body, { status });
  };
  const run = async (...argv: string[]): Promise<void> => {
    const read = readCommand(argv);
    if (read.help) return;
    await runCommand(read.command, { ...read.given, read: (file) => `text of ${file}` }, { url: "http://apex.test/", key: "apex_k", json: read.json, limit: read.limit, fetch, print: (line) => printed.push(line) });
  };
  return { asked, printed, run };
};

describe("npm run apex", () => {
  it("lists as many leads as are asked for, page after page, a line each", async () => {
    const lead = (id: string, name: string) => ({ id, name, primary_contact: "+64211", metadata: { status: "new", score: 7 }, created_at: "2026-11-26T00:00:00.000Z" });
    const { asked, printed, run } = service({ body: { items: [lead("ent_2", "Aroha\tW\u001b[31m")], next_cursor: "ent_2" } }, { body: { items: [lead("ent_1", "Wiremu")], next_cursor: null } });
    await run("leads", "list", "--project", "acme", "--status", "new", "--limit", "3");
    expect(asked.map(({ url }) => url)).toEqual(["http://apex.test/api/entities?type=lead&project_id=acme&status=new&limit=3", "http://apex.test/api/entities?type=lead&project_id=acme&status=new&limit=2&cursor=ent_2"]);
    expect(asked[0]?.headers.get("Authorization")).toBe("Bearer apex_k");
    expect(printed).toEqual(["id\tstatus\tscore\tname\tprimary_contact\tsource\tcreated_at", "ent_2\tnew\t7\tAroha W[31m\t+64211\t\t2026-11-26T00:00:00.000Z", "ent_1\tnew\t7\tWiremu\t+64211\t\t2026-11-26T00:00:00.000Z"]);
  });

  it("gives programs the service's own rows", async () => {
    const { printed, run } = service({ body: { items: [{ project_id: "acme" }], next_cursor: null } });
    await run("projects", "list", "--json");
    expect(printed).toEqual(['{"project_id":"acme"}']);
  });

  it("prints nothing of a list that is refused, and why it is", async () => {
    const { printed, run } = service({ status: 401, body: { detail: "A valid bearer token is needed." } });
    await expect(run("leads", "list")).rejects.toThrow("401: A valid bearer token is needed.");
    expect(printed).toEqual([]);
  });

  it("gives programs a refusal as the service wrote it", async () => {
    const { run } = service({ status: 404, body: { status: 404, code: "not_found", detail: "There is no such entity." } });
    await expect(run("leads", "show", "ent_0", "--json")).rejects.toThrow('{"status":404,"code":"not_found","detail":"There is no such entity."}');
  });

  it("sends a file as the DNA, and shows each mistake in it with its line", async () => {
    const { asked, run } = service({ status: 422, body: { detail: "The DNA is not valid.", errors: [{ path: "identity.name", message: "must be text", line: 3 }] } });
    await expect(run("dna", "put", "acme", "dna.yaml", "--if-match", '"v1"')).rejects.toThrow("422: The DNA is not valid.\n  line 3: identity.name: must be text");
    expect(asked[0]).toMatchObject({ method: "PUT", url: "http://apex.test/api/projects/acme/dna/custom", body: "text of dna.yaml" });
    expect([asked[0]?.headers.get("Content-Type"), asked[0]?.headers.get("If-Match")]).toEqual(["application/yaml", '"v1"']);
  });

  it("asks the audit log for what was done within a time", async () => {
    const { asked, run } = service({ body: { items: [], next_cursor: null } });
    await run("audit", "--action", "lead.erased", "--from", "2026-11-01T00:00:00Z", "--to", "2026-11-26T00:00:00Z");
    expect(Object.fromEntries(new URL(asked[0]?.url ?? "").searchParams)).toMatchObject({ action: "lead.erased", from: "2026-11-01T00:00:00Z", to: "2026-11-26T00:00:00Z" });
  });

  it("starts a task and waits for it", async () => {
    const { asked, run } = service({ body: { id: "run_1" } });
    await run("run", "sales_agent/instant_call", "--project", "acme", "--params", '{"lead_id":"ent_1"}', "--wait", "10");
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ task: "sales_agent", action: "instant_call", project_id: "acme", params: { lead_id: "ent_1" } });
    expect(asked[0]?.headers.get("Prefer")).toBe("wait=10");
  });

  it("erases nobody unless the id is said again", async () => {
    const { asked, run } = service({ status: 204, body: null });
    await expect(run("leads", "erase", "ent_1", "--yes", "ent_2")).rejects.toThrow("cannot be undone");
    expect(asked).toEqual([]);
    await run("leads", "erase", "ent_1", "--yes", "ent_1");
    expect(asked[0]).toMatchObject({ method: "DELETE", url: "http://apex.test/api/entities/ent_1" });
  });

  it("keeps ids that are somebody's idea of a path inside their place", async () => {
    const { asked, run } = service({ body: {} });
    await run("leads", "show", "../api-keys?x");
    expect(asked[0]?.url).toBe("http://apex.test/api/entities/..%2Fapi-keys%3Fx");
  });

  it.each([[["leads"]], [["leads", "sing"]], [["leads", "show"]], [["leads", "show", "a", "b"]], [["leads", "add", "--name", "x"]], [["leads", "list", "--limit", "0"]], [["sing"]]])("does not guess what is meant by %j", (argv) => {
    expect(() => readCommand(argv)).toThrow(/not a command|used so|It needs|--limit/);
  });

  it("asks only for what the API has", () => {
    const given = { args: new Proxy({}, { get: () => "x" }), options: new Proxy({}, { get: (_, name) => (name === "params" || name === "metadata" ? "{}" : "x") }), read: () => "" };
    const known = Object.keys(POLICIES).map((operation) => new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`));
    for (const command of COMMANDS) {
      const { method = "GET", path: asked } = command.request(given);
      expect([command.name, known.some((pattern) => pattern.test(`${method} ${asked}`))]).toEqual([command.name, true]);
      expect(USAGE).toContain(`  ${command.name}`);
    }
  });
});

describe("docs/http/apex.http", () => {
  it("asks only for what the API has", () => {
    const requests = [...readFileSync(path.join(ROOT, "docs/http/apex.http"), "utf8").matchAll(/^(GET|POST|PUT|PATCH|DELETE) \{\{api\}\}([^\s?]*)/gm)].map(([, method = "", asked = ""]) => `${method} ${asked.replaceAll(/\{\{\w+(\.[\w.$]+)*\}\}/g, "x")}`);
    expect(requests.length).toBeGreaterThan(25);
    const known = Object.keys(POLICIES).map((operation) => new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`));
    expect(requests.filter((request) => !known.some((pattern) => pattern.test(request)))).toEqual([]);
  });
});
