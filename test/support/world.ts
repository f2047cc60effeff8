import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { allEnded, beginWorld, isQuiet, takeObjects, workMark } from "./in-flight.ts";

/* What a test file may find behind its bindings: nothing. */

type Bindings = Record<string, object | string>;
const bindings = env as unknown as Bindings;

const NAMESPACES: Record<string, DurableObjectNamespace> = { BridgeCall: env.BRIDGE_CALL, Dialer: env.DIALER, LiveFeed: env.LIVE_FEED, RateLimiter: env.RATE_LIMITER, RunProgress: env.RUN_PROGRESS };

const rowsOf = async (database: D1Database): Promise<number> =>
  (await database.prepare("SELECT COUNT(*) AS n FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'").first<number>("n")) ?? 0;

/** How to see how much is stored behind a binding, by the name of its class. */
const LOOKS: Record<string, (binding: never) => Promise<number>> = {
  D1Database: rowsOf,
  R2Bucket: async (bucket: R2Bucket) => (await bucket.list({ limit: 1 })).objects.length,
};
/** Values and tools; objects, which are emptied one by one; queues, whose messages end in worker.ts. */
const NOT_LOOKED_INTO = new Set(["String", "Array", "UnsafeEval", "ColoLocalActorNamespace", "DurableObjectNamespace", "WorkerQueue", "LocalAnalyticsEngineDataset"]);
/** Services, by their binding's name. */
const isVectorize = (name: string, binding: unknown): binding is Vectorize => name.startsWith("VECTORIZE") && typeof binding === "object";
const isStateless = (name: string): boolean => name === "BROWSER" || name.startsWith("__VITEST_POOL_WORKERS_");

const stored = async (name: string, binding: object | string): Promise<number> => {
  const kind = binding.constructor.name;
  const look = LOOKS[kind];
  if (look !== undefined) return look(binding as never);
  if (NOT_LOOKED_INTO.has(kind) || isStateless(name)) return 0;
  if (isVectorize(name, binding)) return (await binding.describe()).vectorCount;
  throw new Error(`Nobody has said yet how tests see that ${name}, a ${kind}, is empty: say it here.`);
};

/** @returns the names of the bindings behind which something is stored */
const fullBindings = async (): Promise<string[]> => {
  const found = await Promise.all(Object.entries(bindings).map(async ([name, binding]) => ({ name, n: await stored(name, binding) })));
  return found.filter(({ n }) => n > 0).map(({ name }) => name);
};

const emptyObjects = async (): Promise<void> => {
  await Promise.all(
    takeObjects().map(async ({ className, id }) => {
      const namespace = NAMESPACES[className];
      if (namespace === undefined) throw new Error(`Nobody has said yet by what binding tests reach objects of ${className}: say it here.`);
      await runInDurableObject(namespace.get(id), async (_object, { storage }) => {
        await storage.deleteAlarm();
        await storage.deleteAll();
      });
    }),
  );
  // Those that slept came to life by this.
  takeObjects();
};

/**
 * Ends what goes on behind the bindings and deletes what is stored there. `reset` kills objects in the middle of what they do, D1's and R2's
 * too, but forgets those that sleep, and invocations of the Worker live on: so sleepers are woken first, invocations are waited for, and
 * all is done again until it found nothing going on.
 * @throws Error when something does not end, or is there still
 */
export const emptyWorld = async (): Promise<void> => {
  let wasQuiet: boolean;
  do {
    wasQuiet = isQuiet();
    await emptyObjects();
    const before = workMark();
    await fullBindings();
    await reset();
    await allEnded();
    wasQuiet &&= workMark() === before;
  } while (!wasQuiet);
  const full = await fullBindings();
  if (full.length > 0) throw new Error(`Not empty at the beginning of a file: ${full.join(", ")}.`);
  await beginWorld();
};
