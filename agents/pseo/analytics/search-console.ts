import { z } from "zod";
import type { TenantMemory } from "../../../core/memory/memory.ts";
import { fetchAccessToken } from "../../../core/providers/search-console/access-token.ts";
import { createSearchConsoleClient, SEARCH_CONSOLE_SCOPE, type SearchConsoleClient } from "../../../core/providers/search-console/search-console.client.ts";
import type { AgentTools } from "../../tools.ts";

const SECRET = "search_console";
const sealedSchema = z.object({ private_key: z.string() });

export interface OpenedProperty {
  client: SearchConsoleClient;
  /** `sc-domain:example.com`, or an address with its slash. */
  siteUrl: string;
}

/** The project's Search Console property; null when none is connected. @throws AppError 422 `search_console_login`; 502, retryable */
export const openSearchConsole = async (memory: TenantMemory, { vault, clock, searchConsole }: Pick<AgentTools, "vault" | "clock" | "searchConsole">, projectId: string): Promise<OpenedProperty | null> => {
  const secret = await memory.secrets.take(projectId, SECRET);
  const { site_url, client_email } = secret?.shown ?? {};
  if (secret === undefined || site_url === undefined || client_email === undefined) return null;
  const opened = await vault.open(secret.sealed, { tenant_id: memory.tenantId, project_id: projectId, name: SECRET });
  const { private_key } = sealedSchema.parse(JSON.parse(opened));
  const accessToken = await fetchAccessToken({ client_email, private_key }, { tokenUrl: searchConsole.tokenUrl, scope: SEARCH_CONSOLE_SCOPE, nowMs: clock.now(), fetch: searchConsole.fetch });
  return { client: createSearchConsoleClient({ baseUrl: searchConsole.baseUrl, accessToken, fetch: searchConsole.fetch }), siteUrl: site_url };
};
