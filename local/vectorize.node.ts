import { build } from "esbuild";
import path from "node:path";

const NAME = "local-vectorize";

/**
 * The Vectorize stand-in as an auxiliary Worker for vitest.config.ts (`miniflare.workers`). Bundled here, since Miniflare takes
 * JavaScript only. `wrangler dev` needs none of this: it reads local/wrangler.toml.
 */
export const localVectorizeWorker = async () => {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, "vectorize.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2023",
    external: ["cloudflare:*"],
  });
  return {
    name: NAME,
    compatibilityDate: "2026-08-01",
    modules: [{ type: "ESModule" as const, path: "vectorize.js", contents: outputFiles.map(({ text }) => text).join("") }],
    durableObjects: { STORE: { className: "VectorStore", useSQLite: true } },
  };
};

const small = (index: string, visible_after_ms: number) => ({
  name: NAME,
  entrypoint: "LocalVectorize",
  props: { index, dimensions: 3, metric: "cosine", metadataIndexes: ["project_id", "year", "open", "author.name"], visible_after_ms },
});

/** Bindings for tests only (`miniflare.serviceBindings`): small vectors, shown at once or later; narrow ones, to have very many. */
export const vectorizeTestBindings = {
  VECTORIZE_SMALL: small("small", 0),
  VECTORIZE_SOON: small("soon", 100),
  VECTORIZE_LATE: small("late", 3_600_000),
  VECTORIZE_NARROW: { name: NAME, entrypoint: "LocalVectorize", props: { index: "narrow", dimensions: 64, metric: "cosine", metadataIndexes: ["project_id", "type"], visible_after_ms: 0 } },
};
