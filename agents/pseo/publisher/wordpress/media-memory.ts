import { z } from "zod";
import type { TenantMemory } from "../../../../core/memory/memory.ts";
import type { MediaMemory, StoredMedia } from "./media.ts";

const storedSchema: z.ZodType<StoredMedia> = z.object({
  site: z.string(),
  media_id: z.number().int().positive(),
  sha256: z.string(),
  alt: z.string(),
  url: z.string(),
  sizes: z.array(z.object({ width: z.number(), url: z.string() })),
});

/** What is known of a picture on a site lies with its entity (`metadata.wordpress`). */
export const mediaMemoryOf = ({ entities, keyed }: Pick<TenantMemory, "entities" | "keyed">): MediaMemory => ({
  find: async (imageId) => storedSchema.safeParse((await entities.find(imageId))?.metadata.wordpress).data ?? null,
  save: async (imageId, stored) => {
    await keyed.change(imageId, { set: { wordpress: stored } });
  },
});
