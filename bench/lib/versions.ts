import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** What a measurement ran on, by name. */
export const versions = (): Record<string, string> => {
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), "utf8")) as { version: string }).version;
  return { Node: process.versions.node, wrangler: versionOf("wrangler"), workerd: versionOf("workerd") };
};
