import type { WordpressClient } from "../../../../core/providers/wordpress/wordpress.client.ts";
import type { WpMedia } from "../../../../core/providers/wordpress/wordpress.wire.ts";
import type { OutgoingImage, PlacedImage, PublishTarget } from "../target.ts";
import type { WithSlugLease } from "./parents.ts";

/** A picture in a site's media library. */
export interface StoredMedia extends PlacedImage {
  site: string;
  media_id: number;
  sha256: string;
  alt: string;
}

/** What is remembered of pictures that went up: kept with the image's entity. */
export interface MediaMemory {
  find: (imageId: string) => Promise<StoredMedia | null>;
  save: (imageId: string, stored: StoredMedia) => Promise<void>;
}

const EXTENSIONS = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" } as const;

/** A name of the picture's own content: the same picture is found again by it, whoever uploaded it and whatever answer was lost. Attachments and pages share one space of slugs. */
const slugFor = (sha256: string): string => `apex-media-${sha256.slice(0, 24)}`;

const sizesOf = ({ media_details }: WpMedia): PlacedImage["sizes"] => {
  const sizes = media_details?.sizes;
  if (sizes === undefined || Array.isArray(sizes)) return [];
  const byWidth = new Map(Object.values(sizes).filter(({ width, source_url }) => width > 0 && URL.canParse(source_url)).map(({ width, source_url }) => [width, source_url] as const));
  return [...byWidth].map(([width, url]) => ({ width, url })).sort((a, b) => a.width - b.width);
};

/** Puts pictures into a site's media library, each once by its hash. */
export const createMediaPlacer = ({ client, site, memory, withLease }: { client: WordpressClient; site: string; memory: MediaMemory; withLease: WithSlugLease }): PublishTarget["placeImage"] => {
  const stored = (media: WpMedia, { sha256, alt }: OutgoingImage): StoredMedia => ({ site, media_id: media.id, sha256, alt, url: media.source_url, sizes: sizesOf(media) });
  return async (image) => {
    const known = await memory.find(image.image_id);
    if (known?.site === site && known.sha256 === image.sha256 && known.alt === image.alt) return known;
    const slug = slugFor(image.sha256);
    return withLease(slug, async () => {
      const there = await client.mediaWithSlug(slug);
      const described = there !== null && there.alt_text !== image.alt ? await client.describeMedia(there.id, image.alt) : there;
      const media = described ?? (await client.upload({ bytes: await image.read(), content_type: image.content_type, filename: `${image.name}-${image.sha256.slice(0, 8)}.${EXTENSIONS[image.content_type]}`, slug, alt: image.alt }));
      const placed = stored(media, image);
      await memory.save(image.image_id, placed);
      return placed;
    });
  };
};
