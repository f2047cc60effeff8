import { sendExactly } from "../audio/exact-length.ts";
import { AppError, describeError, vendorError } from "../errors.ts";

/** R2: all parts but the last are of equal size, 5 MiB at least. What is held in memory is one part. */
const PART_BYTES = 8 * 1024 * 1024;

interface Upload {
  key: string;
  body: ReadableStream<Uint8Array>;
  options: { httpMetadata: { contentType: string } };
}

const mismatch = (expected: number, arrived: number): AppError =>
  vendorError("recording_length_mismatch", `A recording of ${expected} bytes was announced; ${arrived} arrived.`, { retryable: true });

const storeFailed = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : vendorError("recording_store_failed", `The recording could not be stored: ${describeError(error)}`, { retryable: true, cause: error });

const sourceFailed = (error: unknown): AppError =>
  vendorError("recording_source_failed", `The recording stopped arriving: ${describeError(error)}`, { retryable: true, cause: error });

/** Tells a line that broke from a store that failed: the first is the vendor's, the second ours. */
const readFrom = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | null> => {
  const { done, value } = await reader.read().catch((error: unknown) => {
    throw sourceFailed(error);
  });
  return done ? null : value;
};

/** Streams a body whose length was announced into one put. */
export const putOfKnownLength = async ({
  bucket,
  key,
  body,
  length,
  options,
}: Upload & { bucket: Pick<R2Bucket, "put">; length: number }): Promise<{ size: number }> => {
  await sendExactly({
    source: body,
    length,
    onBroken: sourceFailed,
    onMismatch: (arrived) => mismatch(length, arrived),
    send: async (readable) => bucket.put(key, readable, options),
  }).catch((error: unknown) => {
    throw storeFailed(error);
  });
  return { size: length };
};

interface Multipart {
  /** Whether a first part has been sent, so that there is an upload to complete or to abort. */
  started(): boolean;
  send(part: Uint8Array): Promise<void>;
  complete(): Promise<void>;
  /** Parts of an upload that is not completed are kept, and paid for, until it is aborted (or for seven days). */
  abort(): Promise<void>;
}

const createMultipart = (open: () => Promise<R2MultipartUpload>): Multipart => {
  let upload: R2MultipartUpload | null = null;
  const parts: R2UploadedPart[] = [];
  return {
    started: () => upload !== null,
    async send(part) {
      upload ??= await open();
      parts.push(await upload.uploadPart(parts.length + 1, part));
    },
    async complete() {
      await upload?.complete(parts);
    },
    async abort() {
      await upload?.abort();
    },
  };
};

/** Streams a body of unknown length into a multipart upload; what fits into one part needs none. */
export const putOfUnknownLength = async ({
  bucket,
  key,
  body,
  options,
}: Upload & { bucket: Pick<R2Bucket, "put" | "createMultipartUpload"> }): Promise<{ size: number }> => {
  const reader = body.getReader();
  const multipart = createMultipart(() => bucket.createMultipartUpload(key, options));
  const part = new Uint8Array(PART_BYTES);
  let filled = 0;
  let size = 0;
  try {
    for (let chunk = await readFrom(reader); chunk !== null; chunk = await readFrom(reader)) {
      size += chunk.byteLength;
      for (let at = 0; at < chunk.byteLength; ) {
        // Sent when there is more to come, not when it is full: so the last part is never an empty one.
        if (filled === PART_BYTES) {
          await multipart.send(part);
          filled = 0;
        }
        const piece = chunk.subarray(at, at + PART_BYTES - filled);
        part.set(piece, filled);
        filled += piece.byteLength;
        at += piece.byteLength;
      }
    }
    const rest = part.subarray(0, filled);
    if (multipart.started()) {
      await multipart.send(rest);
      await multipart.complete();
    } else {
      await bucket.put(key, rest, options);
    }
    return { size };
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), multipart.abort()]);
    throw storeFailed(error);
  }
};
