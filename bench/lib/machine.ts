import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { z } from "zod";

export const ranOnSchema = z.object({
  machine: z.object({ cores: z.number(), cpu: z.string(), memory_gib: z.number(), system: z.string() }),
  versions: z.record(z.string(), z.string()),
});
/** What a measurement ran on. */
export type RanOn = z.infer<typeof ranOnSchema>;

const versions = (): Record<string, string> => {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => z.object({ version: z.string() }).parse(JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8"))).version;
  return { Node: process.versions.node, wrangler: versionOf("wrangler"), workerd: versionOf("workerd") };
};

export const ranOn = (): RanOn => ({
  machine: { cores: cpus().length, cpu: cpus()[0]?.model.trim() ?? "unknown", memory_gib: Math.round(totalmem() / 2 ** 30), system: `${process.platform} ${process.arch}` },
  versions: versions(),
});

/** `2 cores (AMD EPYC), 24 GiB, linux x64; Node 24.21.0, …` */
export const describeRanOn = ({ machine: { cores, cpu, memory_gib, system }, versions: own }: RanOn): string =>
  `${cores} cores (${cpu}), ${memory_gib} GiB, ${system}; ${Object.entries(own).map(([name, version]) => `${name} ${version}`).join(", ")}`;
