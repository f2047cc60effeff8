import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import { createEgress } from "../../core/security/egress/egress.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import { createVault } from "../../core/security/vault.ts";

/* Google's token service and Search Console on the wire, and a business's website beside them. */

export interface SearchConsoleRow {
  /** Page and query. */
  keys: [string, string];
  clicks: number;
  impressions: number;
  position: number;
}

const BASE_URL = "https://search.test";
const TOKEN_URL = "https://token.test/token";
export const PROPERTY = "sc-domain:rata.example";
export const SERVICE_ACCOUNT = "apex@rata.iam.gserviceaccount.com";
/** The service account's keys. */
export const serviceKeys = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });

export const createSearchConsoleWire = () => {
  const state = { rows: [] as SearchConsoleRow[], verdicts: new Map<string, string>(), site: new Map<string, { status?: number; body: string }>(), asked: [] as string[], assertions: [] as string[], tokenStatus: 200, searchStatus: 200 };
  const serve = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(url, init);
    if (url === TOKEN_URL) {
      state.assertions.push(new URLSearchParams(await request.text()).get("assertion") ?? "");
      return state.tokenStatus === 200 ? Response.json({ access_token: "granted", expires_in: 3600 }) : Response.json({ error: "invalid_grant" }, { status: state.tokenStatus });
    }
    if (url.startsWith(`${BASE_URL}/`)) {
      if (request.headers.get("Authorization") !== "Bearer granted") return Response.json({ error: { status: "UNAUTHENTICATED" } }, { status: 401 });
      state.asked.push(new URL(url).pathname);
      if (state.searchStatus !== 200) return Response.json({ error: { status: "PERMISSION_DENIED", message: "secret words" } }, { status: state.searchStatus });
      if (url.endsWith("/searchAnalytics/query")) return Response.json(state.rows.length === 0 ? {} : { rows: state.rows });
      const { inspectionUrl } = z.object({ inspectionUrl: z.string(), siteUrl: z.literal(PROPERTY) }).parse(await request.json());
      return Response.json({ inspectionResult: { indexStatusResult: { verdict: state.verdicts.get(inspectionUrl) ?? "NEUTRAL", coverageState: "Crawled" } } });
    }
    const found = state.site.get(url);
    return found ? new Response(found.body, { status: found.status ?? 200, headers: { "Content-Type": "text/html" } }) : new Response("no", { status: 404 });
  };
  const vault = createVault("a-key-for-tests-0123456789");
  const fetch = async (input: string, init: RequestInit): Promise<Response> => serve(input, init);
  const egress = createEgress({ allowHosts: "", dohUrl: "off", fetch: async (input, init) => serve(new Request(input, init).url, init) });
  return {
    state,
    /** What an agent needs to reach it. */
    tools: { vault, egress, searchConsole: { baseUrl: BASE_URL, tokenUrl: TOKEN_URL, fetch } },
    /** Gives a project the service account, as the API does. */
    connect: async (store: TenantMemory, projectId: string): Promise<void> => {
      const place = { tenant_id: store.tenantId, project_id: projectId, name: "search_console" };
      await store.secrets.put(projectId, "search_console", { sealed: await vault.seal(JSON.stringify({ private_key: serviceKeys.privateKey }), place), shown: { site_url: PROPERTY, client_email: SERVICE_ACCOUNT } });
    },
  };
};
