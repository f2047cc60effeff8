import { z } from "zod";
import type { Clock } from "../../clock.ts";
import { sha256Hex } from "../../security/constant-time.ts";

export type CacheBucket = Pick<R2Bucket, "get" | "put">;

const entrySchema = z.object({ fetched_at: z.number(), answer: z.unknown() });

/**
 * Answers about the public map, kept for all tenants: what is asked is a place and a kind, never a tenant. Their policies want it
 * ("results must be cached on your side"). It lies outside of the tenants' folders, whose names begin with `ten_`.
 */
export const createOsmCache = ({ bucket, clock }: { bucket: CacheBucket; clock: Clock }) => {
  const keyOf = (question: string): string => `shared/osm/${sha256Hex(question)}.json`;
  return {
    /** Null when it is not known, or was asked longer ago than `maxAgeMs`. */
    async get(question: string, maxAgeMs: number): Promise<{ answer: unknown; fetched_at: number } | null> {
      const kept = await bucket.get(keyOf(question));
      const parsed = kept === null ? null : entrySchema.safeParse(await kept.json().catch(() => null));
      if (parsed?.success !== true) return null;
      return clock.now() - parsed.data.fetched_at > maxAgeMs ? null : { answer: parsed.data.answer, fetched_at: parsed.data.fetched_at };
    },
    async put(question: string, answer: unknown): Promise<void> {
      await bucket.put(keyOf(question), JSON.stringify({ fetched_at: clock.now(), answer }), { httpMetadata: { contentType: "application/json" } });
    },
  };
};

export type OsmCache = ReturnType<typeof createOsmCache>;
