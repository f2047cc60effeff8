import { createRoute, z } from "@hono/zod-openapi";
import { limitedByAddress } from "../middleware/address-limit.ts";
import { createRouter, json, problems } from "../router.ts";
import type { Services } from "../services.ts";

const checkSchema = z.enum(["ok", "failing"]);
const healthSchema = z
  .object({
    status: z.enum(["healthy", "degraded", "unhealthy"]),
    checks: z.object({ database: checkSchema, vectors: checkSchema, storage: checkSchema, queue: checkSchema, twilio: checkSchema, gemini: checkSchema }),
    version: z.string(),
  })
  .openapi("Health");
type Health = z.infer<typeof healthSchema>;
type Check = keyof Health["checks"];

export const VERSION = "0.1.0";
/** Which build answers: the API's version, and what was released of it. */
export const buildOf = ({ APEX_RELEASE }: Pick<Services["settings"], "APEX_RELEASE">): string => (APEX_RELEASE === undefined ? VERSION : `${VERSION}+${APEX_RELEASE}`);
const TIMEOUT_MS = 2_000;
const CACHE_MS = 10_000;

/** Without these no lead can be taken; without the others one is taken and served late. */
const VITAL: readonly Check[] = ["database"];

const within = async (work: Promise<unknown>): Promise<"ok" | "failing"> => {
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), TIMEOUT_MS));
  return (await Promise.race([work.then(() => true), timeout]).catch(() => false)) ? "ok" : "failing";
};

const check = async ({ settings, memory, storage, vectors, twilioAccounts, checkModel, jobs }: Services): Promise<Health> => {
  const [database, stored, indexed, queue, calls, model] = await Promise.all([
    within(memory.directory.ping()),
    within(storage.head("health")),
    within(vectors.describe()),
    within(jobs.ping()),
    within(twilioAccounts.service.ping()),
    within(checkModel().then((fine) => (fine ? true : Promise.reject(new Error("no model"))))),
  ]);
  const checks = { database, vectors: indexed, storage: stored, queue, twilio: calls, gemini: model };
  const failing = (Object.keys(checks) as Check[]).filter((name) => checks[name] === "failing");
  const status = failing.some((name) => VITAL.includes(name)) ? "unhealthy" : failing.length > 0 ? "degraded" : "healthy";
  return { status, checks, version: buildOf(settings) };
};

const health = createRoute({
  method: "get",
  path: "/health",
  summary: "Is everything that we stand on there? 503 only when no lead can be taken",
  responses: { 200: json(healthSchema), 503: json(healthSchema, "Unhealthy"), ...problems(429) },
});

const limited = limitedByAddress("health");

/** Whoever looks and dies at it (a caller that hangs up) leaves it to the next by then. */
const LOOK_MS = TIMEOUT_MS + 1_000;
/** What was found longer ago is no answer, whoever is looking. */
const STALE_MS = 60_000;

/**
 * What is cached is the answer, not the asking: a promise dies with the request that made it, and whoever else waits for it hangs. So while one
 * request looks again, the others get what was found before.
 */
export const createHealthRoutes = () => {
  let cached: { at: number; health: Health } | null = null;
  let lookingSince = Number.NEGATIVE_INFINITY;
  return createRouter().openapi(health, async (c) => {
    // Real time: a rehearsal's offset must not freeze or thaw the cache.
    const now = Date.now();
    const goodFor = now - lookingSince > LOOK_MS ? CACHE_MS : STALE_MS;
    let current = cached !== null && now - cached.at <= goodFor ? cached.health : null;
    if (current === null) {
      lookingSince = now;
      try {
        // Only a look asks vendors, so only a look is counted.
        await limited(c, async () => {
          current = await check(c.var.services);
          cached = { at: now, health: current };
        });
      } finally {
        lookingSince = Number.NEGATIVE_INFINITY;
      }
    }
    if (current === null) throw new Error("nobody has looked");
    return c.json(current, current.status === "unhealthy" ? 503 : 200);
  });
};
