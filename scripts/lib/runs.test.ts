import { describe, expect, it } from "vitest";
import { readRunsCommand, runRunsCommand } from "./runs.ts";

/** A service that answers what the test says, in turn. */
const service = (...answers: { status?: number; body: unknown }[]) => {
  const asked: { method: string; url: string; body: unknown; key: string | null }[] = [];
  const printed: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    asked.push({ method: request.method, url: request.url, body: text === "" ? undefined : JSON.parse(text), key: request.headers.get("Authorization") });
    const { status = 200, body } = answers[Math.min(asked.length, answers.length) - 1] ?? { body: {} };
    return Response.json(body, { status });
  };
  const run = async (line: string): Promise<boolean> => {
    const { command, json } = readRunsCommand(line.split(" "));
    return runRunsCommand(command, { url: "http://apex.test/", key: "apex_k", json, fetch, print: (text) => printed.push(text) });
  };
  return { asked, printed, run };
};

describe("npm run runs", () => {
  it("lists dead letters, page after page", async () => {
    const dead = { id: "run_1", task: "sales_agent", action: "notify_sms", status: "dead", attempts: 6, created_at: "2026-11-26T00:00:00.000Z", error: { code: "blocked", message: "no" } };
    const { asked, printed, run } = service({ body: { items: [dead], next_cursor: "run_1" } }, { body: { items: [{ ...dead, id: "run_0", error: null }], next_cursor: null } });
    expect(await run("list --task sales_agent")).toBe(true);
    expect(asked.map(({ url }) => url)).toEqual(["http://apex.test/api/runs?status=dead&task=sales_agent&limit=200", "http://apex.test/api/runs?status=dead&task=sales_agent&limit=200&cursor=run_1"]);
    expect(printed[0]).toBe("run_1\tsales_agent/notify_sms\tdead\t6 attempts\t2026-11-26T00:00:00.000Z\tblocked: no");
    expect(asked[0]?.key).toBe("Bearer apex_k");
  });

  it("lists so many as are asked for", async () => {
    const dead = { id: "run_1", task: "t", action: null, status: "dead", attempts: 6, created_at: "2026-11-26T00:00:00.000Z", error: null };
    const { asked, printed, run } = service({ body: { items: [dead, dead], next_cursor: "run_1" } }, { body: { items: [dead], next_cursor: "run_0" } });
    await run("list --limit 3");
    expect(asked.map(({ url }) => new URL(url).searchParams.get("limit"))).toEqual(["3", "1"]);
    expect(printed).toHaveLength(3);
    for (const limit of ["0", "x", "1.5"]) expect(() => readRunsCommand(["list", "--limit", limit])).toThrow("--limit");
  });

  it("runs some again, and says which it could not", async () => {
    const { asked, printed, run } = service({ status: 202, body: { run_ids: ["run_1"], skipped: ["run_2"] } });
    expect(await run("retry run_1 run_2")).toBe(false);
    expect(asked[0]).toMatchObject({ method: "POST", url: "http://apex.test/api/runs/retry", body: { ids: ["run_1", "run_2"] } });
    expect(printed).toEqual(["run_1 is queued.", "run_2 was left: unknown, not over, or not yours to run."]);
  });

  it("runs one again with another input", async () => {
    const { asked, run } = service({ status: 202, body: { run_id: "run_1", status: "queued" } });
    await run('retry run_1 --params {"limit":5}');
    expect(asked[0]).toMatchObject({ url: "http://apex.test/api/runs/run_1/retry", body: { params: { limit: 5 } } });
  });

  it("runs all again until none is left, and does not go round among those that it may not", async () => {
    const all = service({ body: { run_ids: ["run_1"], skipped: [] } }, { body: { run_ids: ["run_2"], skipped: [] } }, { body: { run_ids: [], skipped: [] } });
    expect(await all.run("retry --all --code blocked")).toBe(true);
    expect([all.asked.length, all.printed]).toEqual([3, ["2 queued."]]);
    expect(all.asked[0]?.body).toEqual({ filter: { code: "blocked" } });
    const stuck = service({ body: { run_ids: ["run_1"], skipped: ["run_2"] } });
    expect(await stuck.run("retry --all")).toBe(false);
    expect(stuck.asked).toHaveLength(1);
  });

  it("gives programs the service's own answers", async () => {
    const { printed, run } = service({ status: 202, body: { run_id: "run_1", canceled: 3, still_running: 1 } });
    await run("cancel run_1 --json");
    expect(printed).toEqual(['{"run_id":"run_1","canceled":3,"still_running":1}']);
  });

  it.each(["retry", "retry --all run_1", "retry run_1 run_2 --params {}", "retry run_1 --params {", "show", "sing"])("does not guess what is meant by: %s", (line) => {
    expect(() => readRunsCommand(line.split(" "))).toThrow(/not a command|not JSON/);
  });

  it("says why the service refused", async () => {
    await expect(service({ status: 404, body: { detail: "There is no such run." } }).run("show run_9")).rejects.toThrow("404: There is no such run.");
  });
});
