import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { localVectorizeWorker } from "../../../local/vectorize.node.ts";
import { ROOT, startWrangler } from "../../../scripts/lib/wrangler.ts";

const CONFIG = "wrangler.local.toml";
const ENTRY = "index.js";

/** Builds the Worker as `wrangler dev` would, once for all that serve it (serve-worker.ts), with all that it is bound to. */
export const buildWorker = async (dir: string): Promise<void> => {
  const files = path.join(dir, "worker");
  mkdirSync(files, { recursive: true });
  const lines: string[] = [];
  const { code } = await startWrangler({ args: ["deploy", "--dry-run", "--config", CONFIG, "--outdir", files], stateDir: dir, onLine: (line) => lines.push(line) }).exited;
  if (code !== 0) throw new Error(`The Worker does not build:\n${lines.join("\n")}`);
  const texts = readdirSync(files).filter((name) => name !== ENTRY && !/\.(js\.map|md)$/.test(name));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(path.join(ROOT, CONFIG));
  const workers = [
    { ...workerOptions, name: "apex", rootPath: files, modulesRoot: files, modules: [{ type: "ESModule", path: path.join(files, ENTRY) }, ...texts.map((name) => ({ type: "Text", path: path.join(files, name) }))] },
    await localVectorizeWorker(),
  ];
  writeFileSync(path.join(dir, "workers.json"), JSON.stringify(workers));
};
