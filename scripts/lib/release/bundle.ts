import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/** Gzipped. Cold starts grow with it, and the platform's own limit is not far above. */
export const BUNDLE_BUDGET_BYTES = 1024 * 1024;

/** Bytes of a Worker's modules as Wrangler wrote them by `--outdir`, each gzipped; source maps are uploaded apart and not loaded. */
export const bundleSize = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map") && entry.name !== "README.md")
    .reduce((bytes, entry) => bytes + gzipSync(readFileSync(path.join(entry.parentPath, entry.name))).length, 0);
