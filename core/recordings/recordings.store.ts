import { malformed } from "../errors.ts";
import { parseRange } from "./range.ts";
import { putOfKnownLength, putOfUnknownLength } from "./upload.ts";

/** What the store needs of an R2 bucket. */
export type RecordingsBucket = Pick<R2Bucket, "get" | "head" | "put" | "delete" | "createMultipartUpload">;

export interface RecordingId {
  tenantId: string;
  projectId: string;
  callId: string;
  recordingSid: string;
}

const SEGMENT = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Where a recording lies: `{tenant_id}/recordings/{project_id}/{call_id}/{recording_sid}.wav`.
 * @throws AppError `malformed` for an id that could reach out of its own folder
 */
export const recordingKey = ({ tenantId, projectId, callId, recordingSid }: RecordingId): string => {
  for (const segment of [tenantId, projectId, callId, recordingSid]) {
    if (!SEGMENT.test(segment)) throw malformed("A recording's ids hold letters, digits, dashes and underscores only.");
  }
  return `${tenantId}/recordings/${projectId}/${callId}/${recordingSid}.wav`;
};

export interface SaveStream {
  key: string;
  body: ReadableStream<Uint8Array>;
  /** The vendor's Content-Length in bytes; null when it sent none. */
  contentLength: number | null;
  contentType: string;
}

interface Described {
  /** Bytes of the whole recording. */
  size: number;
  contentType: string;
  /** Quoted, for the ETag header. */
  etag: string;
}

export type OpenedRecording =
  | ({ kind: "full"; stream: ReadableStream<Uint8Array> } & Described)
  | ({ kind: "partial"; stream: ReadableStream<Uint8Array>; offset: number; length: number } & Described)
  | { kind: "unsatisfiable"; size: number }
  | { kind: "not_found" };

export interface RecordingsStore {
  /**
   * Stores a recording as it arrives; 8 MiB of it are in memory at most. Saving under the same key again overwrites.
   * Nothing can be seen under the key before all of it has arrived, and a save that fails leaves what was there.
   * @throws AppError `recording_length_mismatch`, `recording_source_failed` or `recording_store_failed`, all retryable
   */
  saveStream(recording: SaveStream): Promise<{ size: number }>;
  /** Opens a recording, or the part that an HTTP Range header asks for. The stream must be read or canceled. */
  open(key: string, range?: string | null): Promise<OpenedRecording>;
  /** Deletes a recording; one that is not there is no error. */
  delete(key: string): Promise<void>;
}

const DEFAULT_TYPE = "audio/wav";

/** The platform's types leave the element open; R2's bodies are bytes. */
const bytesOf = (object: R2ObjectBody): ReadableStream<Uint8Array> => object.body as ReadableStream<Uint8Array>;

const describe = (object: R2Object): Described => ({
  size: object.size,
  contentType: object.httpMetadata?.contentType ?? DEFAULT_TYPE,
  etag: object.httpEtag,
});

export const createRecordingsStore = ({ bucket }: { bucket: RecordingsBucket }): RecordingsStore => {
  const openFull = async (key: string): Promise<OpenedRecording> => {
    const object = await bucket.get(key);
    return object === null ? { kind: "not_found" } : { kind: "full", stream: bytesOf(object), ...describe(object) };
  };

  return {
    async saveStream({ key, body, contentLength, contentType }) {
      const options = { httpMetadata: { contentType } };
      return contentLength === null
        ? putOfUnknownLength({ bucket, key, body, options })
        : putOfKnownLength({ bucket, key, body, length: contentLength, options });
    },

    async open(key, range) {
      if (range === undefined || range === null || range === "") return openFull(key);
      // R2 throws on a range that is not there, and "the last n bytes" must be answered in absolute numbers: ask first.
      const known = await bucket.head(key);
      if (known === null) return { kind: "not_found" };
      const requested = parseRange(range, known.size);
      if (requested.kind === "unsatisfiable") return { kind: "unsatisfiable", size: known.size };
      if (requested.kind === "full") return openFull(key);
      const object = await bucket.get(key, { range: requested.range, onlyIf: { etagMatches: known.etag } });
      if (object === null) return { kind: "not_found" };
      // Overwritten between the two questions: the numbers no longer hold, the whole file always does.
      if (!("body" in object)) return openFull(key);
      return { kind: "partial", stream: bytesOf(object), ...requested.range, ...describe(object) };
    },

    async delete(key) {
      await bucket.delete(key);
    },
  };
};
