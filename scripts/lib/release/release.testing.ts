import type { CommandResult } from "./command.ts";
import type { Region } from "./region.ts";
import type { ReleaseTools } from "./release.ts";

/* A region, and what a release of it sees of the world. */

export const region: Region = {
  name: "oc", worker: "apex-oc", api: "https://oc.api.test", dashboard: { project: "apex-dashboard-oc", url: "https://oc.test" },
  databases: [{ binding: "DB", name: "apex-oc", id: "7c9e6679-7425-40de-944b-e07fc1f90ae7" }, { binding: "DB_2", name: "apex-oc-2", id: "0f8fad5b-d9cb-469f-a165-70867728950e" }],
  buckets: [{ binding: "STORAGE", name: "apex-oc" }, { binding: "BACKUPS", name: "apex-oc-backups" }], queues: ["apex-oc-jobs"], indexes: ["apex-context-oc"], placement: { location: "oc" },
};

export const done: CommandResult = { code: 0, stdout: "", output: "" };
const unauthorized = (): Response => Response.json({ code: "unauthorized" }, { status: 401 });

export const health = (version = "0.1.0+new", status = "degraded"): Response => Response.json({ status, checks: {}, version }, { status: status === "unhealthy" ? 503 : 200 });

/** Wrangler, npm and the deployed region as far as a release sees them; what was run is written down. */
export const stage = (options: { wrangler?: (command: string) => CommandResult | undefined; bytes?: number; site?: (url: string) => Response | undefined } = {}) => {
  const ran: string[] = [];
  const said: string[] = [];
  const standard = (command: string): CommandResult => {
    if (command.startsWith("deployments status")) return { ...done, stdout: JSON.stringify({ versions: [{ version_id: "old", percentage: 100 }] }) };
    if (command.startsWith("d1 time-travel info")) return { ...done, stdout: JSON.stringify({ bookmark: "0001" }) };
    return done;
  };
  const serve = (url: string): Response => {
    if (url.endsWith("/health")) return health();
    if (url.endsWith("/openapi.json")) return Response.json({});
    return url === "https://oc.test/" ? new Response('<div id="root">') : unauthorized();
  };
  const tools: ReleaseTools = {
    releaseId: "new",
    wrangler: async (args) => {
      const command = args.join(" ").replace(" --config wrangler.toml", "").replace(" --env oc", "");
      ran.push(command);
      return Promise.resolve(options.wrangler?.(command) ?? standard(command));
    },
    npm: async () => Promise.resolve(done),
    bundleSize: () => options.bytes ?? 1000,
    stageDashboard: () => "staged/dashboard",
    fetch: async (input) => Promise.resolve(options.site?.(input as string) ?? serve(input as string)),
    wait: async () => Promise.resolve(),
    say: (line) => said.push(line),
  };
  const changes = () => ran.filter((command) => /^(d1 migrations|deploy(?!ments|.*--dry-run)|pages deploy|rollback)/.test(command));
  return { tools, ran, said, changes };
};
