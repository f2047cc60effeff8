import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** What a person on a phone in a van loads before the first screen is there: 180 kB, as it goes over the wire. */
const FIRST_LOAD_BYTES = 180_000;
/** The entry, and what it fetches at once for the screen that is opened first. */
const FIRST_SCREEN = ["shell/shell.tsx", "screens/now/now.tsx"];

interface Chunk {
  fileName: string;
  isEntry: boolean;
  facadeModuleId: string | null;
  imports: string[];
  code: string;
}

/** What the first screen loads, by size. */
export const firstLoadOf = (chunks: readonly Chunk[]): { fileName: string; bytes: number }[] => {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const needed = new Set<string>();
  const need = (name: string): void => {
    const chunk = byName.get(name);
    if (chunk === undefined || needed.has(name)) return;
    needed.add(name);
    for (const imported of chunk.imports) need(imported);
  };
  for (const { fileName, isEntry, facadeModuleId } of chunks) if (isEntry || FIRST_SCREEN.some((screen) => facadeModuleId?.endsWith(screen))) need(fileName);
  return [...needed].map((fileName) => ({ fileName, bytes: gzipSync(byName.get(fileName)?.code ?? "").length })).sort((a, b) => b.bytes - a.bytes);
};

/** A build whose first load is over its budget is no build. */
export const firstLoadBudget = (limit = FIRST_LOAD_BYTES): Plugin => ({
  name: "first-load-budget",
  generateBundle(_, bundle) {
    const files = Object.values(bundle);
    const styles = files.flatMap((file) => (file.type === "asset" && file.fileName.endsWith(".css") ? [{ fileName: file.fileName, bytes: gzipSync(file.source).length }] : []));
    const load = [...firstLoadOf(files.filter((file) => file.type === "chunk")), ...styles];
    const bytes = load.reduce((sum, file) => sum + file.bytes, 0);
    const said = `first load: ${(bytes / 1000).toFixed(1)} kB gzipped of ${limit / 1000} kB`;
    if (bytes > limit) this.error(`${said}\n${load.map((file) => `  ${file.fileName} ${file.bytes}`).join("\n")}`);
    this.info(said);
  },
});
