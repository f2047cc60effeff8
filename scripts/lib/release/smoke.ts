import { z } from "zod";
import type { Region } from "./region.ts";

export interface SmokeTools {
  fetch: typeof globalThis.fetch;
  wait: (ms: number) => Promise<void>;
}

/** A new version is everywhere within seconds; a new host name's certificate takes longer, and is waited for by running the command again. */
const LOOKS = 10;
const BETWEEN_LOOKS_MS = 3_000;
const TIMEOUT_MS = 15_000;

const healthSchema = z.object({ status: z.enum(["healthy", "degraded", "unhealthy"]), checks: z.record(z.string(), z.unknown()), version: z.string() });
const problemSchema = z.object({ code: z.string() });

type Check = { what: string; look: (fetch: SmokeTools["fetch"]) => Promise<boolean> };

const refuses = async (response: Response): Promise<boolean> => response.status === 401 && problemSchema.safeParse(await response.json()).data?.code === "unauthorized";

/** Cloudflare goes on serving what it served for a while: what is tested before this holds is the version of before. */
const servesRelease = ({ api }: Region, release: string): Check => ({
  what: `GET /health names the release ${release}`,
  look: async (fetch) => healthSchema.parse(await (await fetch(`${api}/health`)).json()).version.split("+")[1] === release,
});

/** What a release must be able to do at once. Nothing of it writes, and no secret is needed. */
const workerChecks = ({ api }: Region): Check[] => [
  { what: "GET /health says that it is not unhealthy", look: async (fetch) => {
    const response = await fetch(`${api}/health`);
    const health = healthSchema.safeParse(await response.json());
    return response.status === 200 && health.success && health.data.status !== "unhealthy";
  } },
  { what: "GET /openapi.json is served", look: async (fetch) => (await fetch(`${api}/openapi.json`)).status === 200 },
  { what: "GET /api/auth/me without a token is refused", look: async (fetch) => refuses(await fetch(`${api}/api/auth/me`)) },
  // A form's way in, as far as the database's "there is no such project".
  { what: "POST /api/webhooks/wordpress with a wrong key is refused", look: async (fetch) => (await fetch(`${api}/api/webhooks/wordpress?project_id=smoke-test&key=none`, { method: "POST", body: new URLSearchParams({ name: "Smoke Test", phone: "+6421000000" }) })).status === 401 },
];

const dashboardChecks = ({ dashboard: { url } }: Region): Check[] => [
  { what: "the dashboard is served", look: async (fetch) => {
    const response = await fetch(`${url}/`);
    return response.status === 200 && (await response.text()).includes('id="root"');
  } },
  { what: "its /api is the region's Worker", look: async (fetch) => refuses(await fetch(`${url}/api/auth/me`)) },
];

const failing = async (checks: readonly Check[], { fetch, wait }: SmokeTools): Promise<string[]> => {
  const bounded: typeof fetch = async (input, init) => fetch(input, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS), ...init });
  let left = [...checks];
  for (let looks = 0; left.length > 0 && looks < LOOKS; looks += 1) {
    if (looks > 0) await wait(BETWEEN_LOOKS_MS);
    const fine = await Promise.all(left.map(async ({ look }) => look(bounded).catch(() => false)));
    left = left.filter((_, index) => fine[index] !== true);
  }
  return left.map(({ what }) => what);
};

/**
 * @param release what must answer before anything is asked of it; null: of a version that does not name one
 * @returns what does not hold, in words; empty when all does
 */
export const smokeTestWorker = async (region: Region, release: string | null, tools: SmokeTools): Promise<string[]> => {
  const absent = release === null ? [] : await failing([servesRelease(region, release)], tools);
  return absent.length > 0 ? absent : failing(workerChecks(region), tools);
};
export const smokeTestDashboard = async (region: Region, tools: SmokeTools): Promise<string[]> => failing(dashboardChecks(region), tools);
