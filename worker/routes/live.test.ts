import { env } from "cloudflare:workers";
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { makeProject, request, type TestProject } from "../../test/support/api.ts";

const eventSchema = z.object({ seq: z.number(), at: z.iso.datetime(), kind: z.enum(["entity", "call", "run"]), id: z.string(), project_id: z.string(), data: z.record(z.string(), z.unknown()).nullable() });
const pollSchema = z.object({ items: z.array(eventSchema), seq: z.number() });
type Event = z.infer<typeof eventSchema>;

/** Somebody who watches a project. */
const watching = async (project: TestProject, { since, headers, token = project.token }: { since?: number; headers?: Record<string, string>; token?: string } = {}) => {
  const response = await request(`/api/live?project_id=${project.id}${since === undefined ? "" : `&since=${since}`}`, { headers: { Upgrade: "websocket", ...(headers ?? { Authorization: `Bearer ${token}` }) } });
  const socket = response.webSocket;
  if (!socket) return { response, events: [], closed: Promise.resolve(0), close: async () => Promise.resolve() };
  const events: Event[] = [];
  socket.addEventListener("message", ({ data }) => void events.push(eventSchema.parse(JSON.parse(String(data)))));
  const closed = new Promise<number>((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.accept();
  return {
    response, events, closed,
    say: (text: string) => socket.send(text),
    close: async () => {
      socket.close(1000);
      await closed;
    },
  };
};

const addLead = async (project: TestProject, name: string): Promise<string> => {
  const response = await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name, metadata: { status: "new" } });
  return z.object({ id: z.string() }).parse(await response.json()).id;
};
const poll = async (project: TestProject, since?: number) => project.api("GET", `/api/live?project_id=${project.id}${since === undefined ? "" : `&since=${since}`}`);
const polled = async (project: TestProject, since?: number) => pollSchema.parse(await (await poll(project, since)).json());
const seen = async (events: readonly Event[], many: number): Promise<void> => vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(many), { timeout: 10_000, interval: 20 });
const feedOf = (project: TestProject) => env.LIVE_FEED.getByName(`${project.tenant_id}/${project.id}`);

describe("a project's live feed", () => {
  it("tells each change of a lead, numbered, as lists show it", async () => {
    const project = await makeProject();
    const watcher = await watching(project);
    expect(watcher.response.status).toBe(101);
    const lead = await addLead(project, "Aroha");
    await project.api("PATCH", `/api/entities/${lead}`, { metadata: { status: "won", raw_payload: { secret: 1 } } });
    await vi.waitFor(() => expect(watcher.events.at(-1)?.data).toMatchObject({ name: "Aroha", metadata: { status: "won" } }), { timeout: 10_000 });
    expect(watcher.events.every(({ kind, id, project_id }) => kind === "entity" && id === lead && project_id === project.id)).toBe(true);
    expect(JSON.stringify(watcher.events)).not.toContain("raw_payload");
    const numbers = watcher.events.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
    await watcher.close();
  });

  it("tells of runs from queued to over, and of what is gone", async () => {
    const project = await makeProject();
    const lead = await addLead(project, "Gone soon");
    const watcher = await watching(project);
    await project.api("POST", "/api/run", { task: "lead_gen_manager", action: "dashboard_stats", project_id: project.id }, { Prefer: "wait=10" });
    await vi.waitFor(() => expect(watcher.events.findLast(({ kind }) => kind === "run")?.data).toMatchObject({ task: "lead_gen_manager", status: "succeeded" }), { timeout: 10_000 });
    await project.api("DELETE", `/api/entities/${lead}`);
    await vi.waitFor(() => expect(watcher.events.find(({ id }) => id === lead)).toMatchObject({ kind: "entity", data: null }), { timeout: 10_000 });
    await watcher.close();
  });

  it("tells how far a run is while it is at work, and writes nothing of it while nobody watches", async () => {
    const project = await makeProject();
    const memory = createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
    const { run } = await memory.runs.create({ project_id: project.id, task: "sniper_agent", action: "hunt", params: {} }, 86_400_000);
    const claimed = await memory.runs.claim(run.id, 86_400_000);
    if (claimed === null) throw new Error("not claimed");
    const half = { done: 1, total: 2, label: "Reading board: 3 pages" };
    expect(await memory.runs.noteProgress(claimed, half)).toBe(false);
    expect((await memory.runs.get(run.id)).progress).toMatchObject({ done: 0 });

    const watcher = await watching(project);
    expect(await memory.runs.noteProgress(claimed, half)).toBe(true);
    await vi.waitFor(() => expect(watcher.events.at(-1)).toMatchObject({ kind: "run", id: run.id, data: { status: "running", progress: half } }), { timeout: 15_000, interval: 50 });
    // An attempt that was taken for dead tells nothing any more, nor one that is over.
    expect(await memory.runs.noteProgress({ id: run.id, attempts: claimed.attempts - 1 }, half)).toBe(false);
    await memory.runs.finish(claimed, { status: "succeeded", result: null }, half);
    expect(await memory.runs.noteProgress(claimed, { ...half, done: 0 })).toBe(false);
    await watcher.close();
  });

  it("tells how far a run is whose steps are parts when one of them moves, once however many have", async () => {
    const project = await makeProject();
    const { runs } = createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
    const ofTask = { project_id: project.id, task: "lead_scorer", action: "score_part", params: {} };
    const { run: parent } = await runs.create({ ...ofTask, action: "score" }, 86_400_000);
    const claim = async (id: string) => {
      const claimed = await runs.claim(id, 86_400_000);
      if (claimed === null) throw new Error("not claimed");
      return claimed;
    };
    const steps = { done: 0, total: 3, label: "parts", steps: "parts" as const };
    const parts = await runs.createParts(parent.id, ["a", "b", "c"].map((key) => ({ ...ofTask, idempotency_key: `${parent.id}:${key}` })), 86_400_000);
    await runs.finish(await claim(parent.id), { status: "queued", error: null, next_due_at: Date.now() + 86_400_000 }, steps);
    const watcher = await watching(project);
    const { seq } = await polled(project);

    const end = async (part: { id: string } | undefined) => runs.finish(await claim(part?.id ?? ""), { status: "succeeded", result: null }, { done: 1, total: 1, label: "" });
    for (const part of parts.slice(0, 2)) await end(part);
    await feedOf(project).poke();
    await vi.waitFor(() => expect(watcher.events.findLast(({ id }) => id === parent.id)?.data).toMatchObject({ status: "queued", progress: { done: 2, total: 3 } }), { timeout: 10_000 });
    // Nothing was written of it.
    expect((await runs.get(parent.id)).progress).toEqual(steps);
    const poll = await polled(project, seq);
    expect(poll.items.filter(({ id }) => id === parent.id)).toHaveLength(1);
    expect(new Set(poll.items.map(({ id }) => id))).toEqual(new Set([parent.id, ...parts.slice(0, 2).map(({ id }) => id)]));

    // Once it is over it is told of as it says itself.
    await end(parts[2]);
    await runs.wake(parent.id);
    await runs.finish(await claim(parent.id), { status: "succeeded", result: null }, { done: 3, total: 3, label: "over" });
    await feedOf(project).poke();
    await vi.waitFor(() => expect(watcher.events.findLast(({ id }) => id === parent.id)?.data).toMatchObject({ status: "succeeded", progress: { done: 3 } }), { timeout: 10_000 });
    await watcher.close();
  });

  it("tells who comes back all that they missed, once", async () => {
    const project = await makeProject();
    const first = await watching(project);
    await addLead(project, "one");
    await seen(first.events, 1);
    const last = first.events.at(-1)?.seq ?? 0;
    await first.close();
    const missed = [await addLead(project, "two"), await addLead(project, "three")];
    const second = await watching(project, { since: last });
    await seen(second.events, 2);
    expect(second.events.map(({ id }) => id)).toEqual(missed);
    await second.close();
  });

  it("goes on after its object has slept or died", async () => {
    const project = await makeProject();
    const watcher = await watching(project);
    await addLead(project, "before");
    await seen(watcher.events, 1);
    await evictDurableObject(feedOf(project));
    const lead = await addLead(project, "after");
    await vi.waitFor(() => expect(watcher.events.some(({ id }) => id === lead)).toBe(true), { timeout: 10_000 });
    await watcher.close();
  });

  it("finds by itself what was changed by somebody who died before saying so", async () => {
    const project = await makeProject();
    const watcher = await watching(project);
    const memory = createMemory({ d1: env.DB, clock: createClock() }).for(project.tenant_id, systemActor("test"));
    const { id } = await memory.entities.create({ project_id: project.id, entity_type: "lead", name: "unsaid", primary_contact: "", metadata: {} });
    await vi.waitFor(() => expect(watcher.events.map((event) => event.id)).toContain(id), { timeout: 15_000, interval: 50 });
    await watcher.close();
  });

  it("tells of a rolled back change nothing", async () => {
    const project = await makeProject();
    await polled(project);
    const bad = env.DB.batch([
      env.DB.prepare("UPDATE projects SET name = 'x' WHERE id = ?").bind(project.id),
      env.DB.prepare("INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at) VALUES ('ent_rolled_back', ?, ?, 'lead', '', '', '{}', 1, 1)").bind(project.tenant_id, project.id),
      env.DB.prepare("INSERT INTO projects (id) VALUES (NULL)"),
    ]);
    await expect(bad).rejects.toThrow();
    expect((await polled(project, 0)).items).toEqual([]);
  });

  it("says that there is a gap rather than leave one", async () => {
    const project = await makeProject();
    const { seq } = await polled(project);
    await addLead(project, "seen");
    // Nobody has watched for a day.
    await env.DB.prepare("UPDATE live_watches SET until = 0 WHERE project_id = ?").bind(project.id).run();
    await createMemory({ d1: env.DB, clock: createClock() }).housekeeping.endWatches();
    await addLead(project, "unseen");
    const again = await watching(project, { since: seq + 1 });
    expect(await again.closed).toBe(4010);
    expect((await poll(project, seq + 1)).status).toBe(410);
    const fresh = await polled(project);
    expect(fresh.seq).toBeGreaterThan(seq + 1);
    const lead = await addLead(project, "seen again");
    expect((await polled(project, fresh.seq)).items.map(({ id }) => id)).toEqual([lead]);
    expect(await (await watching(project, { since: fresh.seq + 1000 })).closed).toBe(4010);
  });

  it("can be polled, page by page", async () => {
    const project = await makeProject();
    const { seq } = await polled(project);
    await env.DB.batch(Array.from({ length: 250 }, (_, n) => env.DB.prepare("INSERT INTO entities (id, tenant_id, project_id, entity_type, name, primary_contact, metadata, created_at, updated_at) VALUES (?, ?, ?, 'lead', '', '', '{}', 1, 1)").bind(`ent_${project.id}_${n}`, project.tenant_id, project.id)));
    const page = await polled(project, seq);
    const rest = await polled(project, page.seq);
    expect([page.items.length, rest.items.length]).toEqual([200, 50]);
    expect(new Set([...page.items, ...rest.items].map(({ id }) => id)).size).toBe(250);
    expect((await polled(project, rest.seq)).items).toEqual([]);
  });
});

describe("who watches", () => {
  it("may show their token as a subprotocol, which is answered", async () => {
    const project = await makeProject();
    const watcher = await watching(project, { headers: { "Sec-WebSocket-Protocol": `apex, bearer.${project.token}` } });
    expect([watcher.response.status, watcher.response.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, `bearer.${project.token}`]);
    await watcher.close();
  });

  it.each([
    ["no token", {}, 401],
    ["a wrong one", { "Sec-WebSocket-Protocol": "bearer.wrong" }, 401],
    ["a wrong header next to a good subprotocol", { Authorization: "Bearer wrong" }, 401],
  ])("with %s is refused", async (_, headers, status) => {
    const project = await makeProject();
    const extra: Record<string, string> = "Authorization" in headers ? { "Sec-WebSocket-Protocol": `bearer.${project.token}` } : {};
    expect((await watching(project, { headers: { ...headers, ...extra } })).response.status).toBe(status);
  });

  it("is let into no other tenant's project, and hears nothing of it", async () => {
    const [mine, theirs] = [await makeProject(), await makeProject()];
    expect((await watching(theirs, { token: mine.token })).response.status).toBe(404);
    const watcher = await watching(mine);
    const other = await watching(theirs);
    await addLead(theirs, "not mine");
    await seen(other.events, 1);
    const lead = await addLead(mine, "mine");
    await seen(watcher.events, 1);
    expect(watcher.events.map(({ id }) => id)).toEqual([lead]);
    await Promise.all([watcher.close(), other.close()]);
  });

  it("by a key without calls:read is not told of calls", async () => {
    const project = await makeProject();
    const made = await project.api("POST", "/api/api-keys", { name: "screen", scopes: ["leads:read"] });
    const { key } = z.object({ key: z.string() }).parse(await made.json());
    const [all, some] = [await watching(project), await watching(project, { token: key })];
    await env.DB.prepare("INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, received_at, timeline, latency, revision, created_at, updated_at, canary) VALUES (?, ?, ?, 'ent_x', 'inbound', 'ended', 1, '[]', '{}', 0, 1, 1, 0)").bind(`call_${project.id}`, project.tenant_id, project.id).run();
    const lead = await addLead(project, "after the call");
    await seen(all.events, 2);
    await seen(some.events, 1);
    expect(all.events.map(({ kind }) => kind)).toEqual(["call", "entity"]);
    expect(some.events.map(({ id }) => id)).toEqual([lead]);
    await Promise.all([all.close(), some.close()]);
  });

  it("and talks is shown the door; a ping is answered", async () => {
    const project = await makeProject();
    const watcher = await watching(project);
    watcher.say?.("hello");
    expect(await watcher.closed).toBe(1003);
  });

  it("asks for no more than one project at a time", async () => {
    const project = await makeProject();
    expect((await project.api("GET", "/api/live")).status).toBe(422);
    expect((await project.api("GET", "/api/live?project_id=nobodys-project")).status).toBe(404);
  });
});

describe("what it costs", () => {
  it("is nothing written while nobody watches", async () => {
    const project = await makeProject();
    await addLead(project, "unwatched");
    expect(await env.DB.prepare("SELECT count(*) AS n FROM live_changes WHERE project_id = ?").bind(project.id).first("n")).toBe(0);
  });
});

it("has its triggers, whatever migrations have done to the tables", async () => {
  const { results } = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'live\\_%' ESCAPE '\\' AND name NOT LIKE '%keep_tenant'").all<{ name: string }>();
  expect(results.map(({ name }) => name).toSorted()).toEqual(["entities", "calls", "runs"].flatMap((table) => ["delete", "insert", "update"].map((change) => `live_${table}_${change}`)).toSorted());
});
