import { evictAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import worker from "../../worker/index.ts";
import { allEnded, noted } from "./in-flight.ts";
import { expectSameGlobals } from "./same-globals.ts";
import { emptyWorld } from "./world.ts";

const keysIn = async (bucket: R2Bucket): Promise<string[]> => (await bucket.list()).objects.map(({ key }) => key);
const tablesIn = async (database: D1Database): Promise<unknown[]> => (await database.prepare("SELECT name FROM sqlite_master WHERE name = 'left'").all()).results;

afterEach(() => vi.restoreAllMocks());

describe("a test file's world", () => {
  it("is empty whatever the file before has stored, where it is awake and where it sleeps", async () => {
    const databases = [env.DB, env.SECOND, env.RESTORED];
    // A stub of its own each time: one of an object that was killed stays broken.
    const dialer = () => env.DIALER.getByName("left");
    const look = async () => runInDurableObject(dialer(), async (_, { storage }) => [await storage.get("left"), await storage.getAlarm()]);
    const fill = async (): Promise<void> => {
      await Promise.all(databases.map(async (database) => database.exec("CREATE TABLE left (x)")));
      await Promise.all([env.STORAGE.put("left", "x"), env.BACKUPS.put("left", "x")]);
      await env.VECTORIZE.insert([{ id: "left", values: Array.from({ length: 768 }, () => 1) }]);
      await runInDurableObject(dialer(), async (_, { storage }) => {
        await storage.put("left", 1);
        await storage.setAlarm(Date.now() + 3_600_000);
      });
    };
    const found = async () => ({ tables: (await Promise.all(databases.map(tablesIn))).flat().length, keys: [...(await keysIn(env.STORAGE)), ...(await keysIn(env.BACKUPS))], vectors: (await env.VECTORIZE.getByIds(["left"])).length, object: await look() });

    await fill();
    expect(await found()).toEqual({ tables: 3, keys: ["left", "left"], vectors: 1, object: [1, expect.any(Number)] });
    await emptyWorld();
    expect(await found()).toEqual({ tables: 0, keys: [], vectors: 0, object: [undefined, null] });

    await fill();
    await evictAllDurableObjects();
    await emptyWorld();
    expect(await found()).toEqual({ tables: 0, keys: [], vectors: 0, object: [undefined, null] });
  });

  it("begins when what the file before has asked of the Worker has ended, in the background too", async () => {
    let [hasBegun, mayEnd] = [false, false];
    const done: string[] = [];
    const late = async (name: string): Promise<void> => {
      while (!mayEnd) await scheduler.wait(1);
      await env.STORAGE.put(name, "x");
      done.push(name);
    };
    vi.spyOn(worker, "fetch").mockImplementation(async (_request, _env, ctx) => {
      ctx.waitUntil(late("in the background"));
      hasBegun = true;
      await late("in the request");
      return new Response();
    });
    const answer = exports.default.fetch("https://apex.test/");
    await vi.waitFor(() => { expect(hasBegun).toBe(true); });
    const emptied = emptyWorld();
    mayEnd = true;
    await emptied;
    expect(done.toSorted()).toEqual(["in the background", "in the request"]);
    expect(await keysIn(env.STORAGE)).toEqual([]);
    expect((await answer).status).toBe(200);
  });

  it("gets no message that the file before has sent", async () => {
    const bodies: unknown[] = [];
    vi.spyOn(worker, "queue").mockImplementation(async ({ messages }) => {
      bodies.push(...messages.map(({ body }) => body));
      return Promise.resolve();
    });
    await Promise.all([env.JOBS.send("before", { delaySeconds: 1 }), env.BULK_JOBS.send("before", { delaySeconds: 1 })]);
    await emptyWorld();
    await Promise.all([env.JOBS.send("after", { delaySeconds: 2 }), env.BULK_JOBS.send("after", { delaySeconds: 2 })]);
    await vi.waitFor(() => { expect(bodies).toHaveLength(2); }, { timeout: 20_000 });
    expect(bodies).toEqual(["after", "after"]);
  });

  it("does not begin beside what does not end, and says what that is", async () => {
    let end = (): void => undefined;
    void noted("GET /for-ever", new Promise<void>((resolve) => { end = resolve; }));
    await expect(allEnded(1)).rejects.toThrow("does not end: GET /for-ever");
    end();
    await allEnded();
  });

  it("does not begin when a global is another's", () => {
    Reflect.set(globalThis, "left", 1);
    expect(expectSameGlobals).toThrow("did not put them back: left.");
    Reflect.deleteProperty(globalThis, "left");
    expect(expectSameGlobals).not.toThrow();
  });
});
