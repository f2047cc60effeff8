import { countedDatabase } from "../../core/memory/counted-database.ts";
import type { VectorIndex } from "../../core/memory/context/vector-index.ts";
import { notedRows } from "../../core/observe/activity.ts";
import { MODELS } from "../../core/providers/gemini/models.ts";
import { placed } from "../../durable/placement.ts";
import type { Settings } from "../env.ts";

/** The index that serves, and the one that is being filled to take over from it (docs/design/0008-brand-brain.md). */
export const indexesOf = ({ VECTORIZE, VECTORIZE_NEXT }: { VECTORIZE: VectorIndex; VECTORIZE_NEXT?: VectorIndex }) => {
  const { embedding, embeddingNext } = MODELS;
  // Half a change of model would go unnoticed until the day of the switch.
  if ((VECTORIZE_NEXT === undefined) !== (embeddingNext === undefined)) throw new Error("Misconfigured: VECTORIZE_NEXT and MODELS.embeddingNext go together.");
  return {
    serving: { vectors: VECTORIZE, model: embedding },
    filling: VECTORIZE_NEXT && embeddingNext ? { vectors: VECTORIZE_NEXT, model: embeddingNext } : undefined,
  };
};

/** The region's databases, as far as they are bound: another is one more binding (docs/growth.md). */
export const databasesOf = ({ DB, DB_2, DB_3, DB_4 }: { DB: D1Database; DB_2?: D1Database; DB_3?: D1Database; DB_4?: D1Database }) =>
  Object.entries({ DB, DB_2, DB_3, DB_4 }).flatMap(([name, d1]) => (d1 === undefined ? [] : [{ name, d1: countedDatabase(d1, notedRows) }]));

/** The objects' namespaces, each putting its objects where the region's data may be. */
export const objectsOf = (env: Cloudflare.Env, { OBJECT_JURISDICTION: jurisdiction, OBJECT_LOCATION: location }: Pick<Settings, "OBJECT_JURISDICTION" | "OBJECT_LOCATION">) => {
  const place = { jurisdiction, location };
  return {
    bridgeCalls: placed(env.BRIDGE_CALL, place),
    dialers: placed(env.DIALER, place),
    runProgress: placed(env.RUN_PROGRESS, place),
    rateLimiters: placed(env.RATE_LIMITER, place),
    liveFeeds: placed(env.LIVE_FEED, place),
  };
};
