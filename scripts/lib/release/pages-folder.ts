import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../wrangler.ts";
import type { Region } from "./region.ts";

/**
 * The dashboard as it is deployed for one region: what was built, the function that leads `/api` to that region's Worker, and a configuration
 * that says which. A folder of its own, since Pages knows no environments but production and preview.
 * @returns the folder's path
 */
export const stageDashboard = ({ name, worker, dashboard }: Region, to: string): string => {
  const from = path.join(ROOT, "dashboard");
  const folder = path.join(to, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(from, "dist"), path.join(folder, "dist"), { recursive: true });
  cpSync(path.join(from, "functions"), path.join(folder, "functions"), { recursive: true });
  const config = readFileSync(path.join(from, "wrangler.toml"), "utf8");
  const own = config.replace(/^name = .*$/m, `name = "${dashboard.project}"`).replace(/^service = .*$/m, `service = "${worker}"`);
  writeFileSync(path.join(folder, "wrangler.toml"), own);
  // Without one, Wrangler takes the project above for this folder's.
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify({ name: dashboard.project, private: true })}\n`);
  return folder;
};
