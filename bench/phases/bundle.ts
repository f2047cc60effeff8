import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { bundleModules, bundleSize } from "../../scripts/lib/release/bundle.ts";
import { startWrangler } from "../../scripts/lib/wrangler.ts";
import type { Bench } from "../lib/bench.ts";
import { type PackageWeight, weighPackages } from "../lib/package-weights.ts";

export interface BundleFigures {
  /** What is uploaded, source map left out. */
  bytes: number;
  gzipBytes: number;
  /** Milliseconds of work before the first request, by `wrangler check startup`; null when it could not say. */
  startupMs: number | null;
  /** The ten that weigh most, heaviest first. */
  packages: PackageWeight[];
}

const run = async (stateDir: string, args: readonly string[], timeoutMs: number): Promise<{ code: number | null; lines: string[] }> => {
  const lines: string[] = [];
  const wrangler = startWrangler({ args, stateDir, onLine: (line) => lines.push(line) });
  const overdue = setTimeout(() => wrangler.kill("SIGKILL"), timeoutMs);
  const { code } = await wrangler.exited;
  clearTimeout(overdue);
  return { code, lines };
};

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
}

/** All sampled time but idling, ms. */
const activeMs = ({ nodes, samples, timeDeltas }: CpuProfile): number => {
  const idle = new Set(nodes.filter((node) => node.callFrame.functionName === "(idle)").map((node) => node.id));
  return samples.reduce((sum, sample, index) => (idle.has(sample) ? sum : sum + (timeDeltas[index] ?? 0)), 0) / 1000;
};

const startup = async (stateDir: string, config: readonly string[]): Promise<number | null> => {
  const profile = path.join(stateDir, "startup.cpuprofile");
  const { code } = await run(stateDir, ["check", "startup", `--args=${config.join(" ")}`, "--outfile", profile], 60_000);
  if (code !== 0) return null;
  return activeMs(JSON.parse(readFileSync(profile, "utf8")) as CpuProfile);
};

/** Builds what a deployment would upload, and weighs it. Nothing leaves this machine. */
export const measureBundle = async ({ stateDir }: Bench): Promise<BundleFigures> => {
  mkdirSync(stateDir, { recursive: true });
  const outdir = path.join(stateDir, "bundle");
  const metafile = path.join(stateDir, "bundle-meta.json");
  const config = ["--config", "wrangler.toml", "--env", "oc"];
  const { code, lines } = await run(stateDir, ["deploy", ...config, "--dry-run", "--outdir", outdir, "--metafile", metafile], 120_000);
  if (code !== 0) throw new Error(`The bundle could not be built:\n${lines.join("\n")}`);
  return {
    bytes: bundleModules(outdir).reduce((sum, text) => sum + text.length, 0),
    gzipBytes: bundleSize(outdir),
    startupMs: await startup(stateDir, config),
    packages: weighPackages(readFileSync(metafile, "utf8")).slice(0, 10),
  };
};
