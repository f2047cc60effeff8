import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/** Gzipped. Cold starts grow with it, and the platform's own limit is not far above. */
export const BUNDLE_BUDGET_BYTES = 1024 * 1024;

/** A Worker's modules as Wrangler wrote them by `--outdir`; source maps are uploaded apart and not loaded. */
export const bundleModules = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map") && entry.name !== "README.md")
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));

/** Bytes of a Worker's modules, each gzipped. */
export const bundleSize = (folder: string): number => bundleModules(folder).reduce((bytes, text) => bytes + gzipSync(text).length, 0);
