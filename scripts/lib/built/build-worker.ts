import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { localVectorizeWorker } from "../../../local/vectorize.node.ts";
import { ROOT, startWrangler } from "../wrangler.ts";

/**
 * Builds a Worker as `wrangler dev` would, once for all that serve it (serve-worker.ts), with all that it is bound to.
 * @param dir gets what is built
 * @param config Wrangler's file, relative to the project
 */
export const buildWorker = async (dir: string, config = "wrangler.local.toml"): Promise<void> => {
  const files = path.join(dir, "worker");
  mkdirSync(files, { recursive: true });
  const lines: string[] = [];
  const { code } = await startWrangler({ args: ["deploy", "--dry-run", "--config", config, "--outdir", files], stateDir: dir, onLine: (line) => lines.push(line) }).exited;
  if (code !== 0) throw new Error(`The Worker does not build:\n${lines.join("\n")}`);
  const entry = readdirSync(files).find((name) => name.endsWith(".js"));
  if (entry === undefined) throw new Error(`Wrangler has built no Worker of ${config}`);
  const texts = readdirSync(files).filter((name) => name !== entry && !/\.(js\.map|md)$/.test(name));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(path.join(ROOT, config));
  const workers = [
    { ...workerOptions, name: "apex", rootPath: files, modulesRoot: files, modules: [{ type: "ESModule", path: path.join(files, entry) }, ...texts.map((name) => ({ type: "Text", path: path.join(files, name) }))] },
    await localVectorizeWorker(),
  ];
  writeFileSync(path.join(dir, "workers.json"), JSON.stringify(workers));
};
