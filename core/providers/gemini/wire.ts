import { Buffer } from "node:buffer";
import { z } from "zod";

/** What is sent: the parts of one user turn. */
export type GeminiPart =
  | { text: string }
  | { inlineData: { mimeType: string; data: string } }
  | { fileData: { mimeType: string; fileUri: string } };

/** The platform's types know nothing of Buffer; this is what is used of it. */
const base64 = Buffer as { from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: "base64"): string } };

/** Audio (or another medium) inside the request, as base64. Requests hold up to 20 MB; meant for a few MiB. */
export const inlinePart = (mimeType: string, bytes: Uint8Array): GeminiPart => ({
  inlineData: { mimeType, data: base64.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64") },
});

const count = z.number().nonnegative().nullish().catch(null);

/**
 * An answer of generateContent, read leniently: whatever is missing or new is no reason to lose an answer. Only what
 * we use is named.
 */
export const generateContentResponse = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(z.object({ text: z.string().nullish(), thought: z.boolean().nullish() })).nullish() }).nullish(),
        finishReason: z.string().nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: z.object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count }).nullish().catch(null),
  modelVersion: z.string().nullish().catch(null),
});

/** An answer of batchEmbedContents, in the order of its requests. */
export const batchEmbedResponse = z.object({
  embeddings: z.array(z.object({ values: z.array(z.number()) })),
  usageMetadata: z.object({ promptTokenCount: count }).nullish().catch(null),
});

const file = z.object({
  // It becomes part of a URL.
  name: z.string().regex(/^files\/[\w-]+$/),
  uri: z.string(),
  mimeType: z.string().nullish(),
  state: z.string().nullish(),
});
export type GeminiFile = z.infer<typeof file>;

/** `{file: …}` as an upload answers, or the file itself as a GET does. */
export const fileResponse = z.union([z.object({ file }).transform((body) => body.file), file]);

/** google.rpc.Status as HTTP bodies carry it. */
export const errorResponse = z.object({ error: z.object({ message: z.string().catch(""), details: z.array(z.unknown()).nullish().catch(null) }) });
