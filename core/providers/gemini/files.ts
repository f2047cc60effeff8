import { sendExactly } from "../../audio/exact-length.ts";
import { AppError, describeError, vendorError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { Wait } from "../../wait.ts";
import { geminiError } from "./gemini.errors.ts";
import type { GeminiHttp } from "./http.ts";
import { type RetryTools, retrying } from "./retrying.ts";
import { fileResponse, type GeminiFile, type GeminiPart } from "./wire.ts";

const log = logger("gemini", "files");

const REQUEST_MS = 30_000;
/** An hour of mono telephone is 58 MB. */
const UPLOAD_MS = 300_000;
/** Short calls are ready almost at once; long ones are not asked about more often than this. */
const FIRST_POLL_MS = 500;
const POLL_EVERY_MS = 2000;
const MOST_POLLS = 90;

export interface Upload {
  /** Opens the bytes; once a try. */
  open: () => Promise<ReadableStream<Uint8Array>>;
  /** Exactly how many bytes it will give. */
  byteLength: number;
  mimeType: string;
  signal?: AbortSignal | undefined;
}

export interface GeminiFilesTools extends RetryTools {
  http: GeminiHttp;
}

const readFile = async (response: Response): Promise<GeminiFile> => {
  const parsed = fileResponse.safeParse(await response.json());
  if (!parsed.success) throw geminiError("gemini_unavailable", "Gemini's answer about a file had an unknown shape.", { retryable: true, cause: parsed.error });
  return parsed.data;
};

/** Opens a resumable upload and returns the URL that takes the bytes. */
const startUpload = async (http: GeminiHttp, { byteLength, mimeType, signal }: Upload): Promise<string> =>
  http({
    method: "POST",
    url: "/upload/v1beta/files",
    headers: {
      "content-type": "application/json",
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-length": String(byteLength),
      "x-goog-upload-header-content-type": mimeType,
    },
    // The vendor needs some name; a real one would say whose call it is.
    body: JSON.stringify({ file: { display_name: "audio" } }),
    timeoutMs: REQUEST_MS,
    signal,
    read: async (response) => {
      await response.body?.cancel();
      const url = response.headers.get("x-goog-upload-url");
      if (url === null) throw geminiError("gemini_unavailable", "Gemini gave no address to upload to.", { retryable: true });
      return url;
    },
  });

/** A failure of the source's own making keeps its code, e.g. `audio_truncated`. */
const sourceFailed = (error: unknown): AppError =>
  error instanceof AppError ? error : vendorError("audio_source_failed", `The audio could not be read: ${describeError(error)}`, { retryable: true, cause: error });

/** Sends the bytes as they come, with a Content-Length and without a copy. */
const sendBytes = async (http: GeminiHttp, url: string, { open, byteLength, signal }: Upload): Promise<GeminiFile> =>
  sendExactly({
    source: await open(),
    length: byteLength,
    onBroken: sourceFailed,
    onMismatch: (arrived) => vendorError("audio_source_failed", `Audio of ${byteLength} bytes was promised; ${arrived} came.`, { retryable: true }),
    send: async (body) =>
      http({
        method: "POST",
        url,
        headers: { "x-goog-upload-offset": "0", "x-goog-upload-command": "upload, finalize" },
        body,
        timeoutMs: UPLOAD_MS,
        signal,
        read: readFile,
      }),
  });

const untilActive = async (http: GeminiHttp, wait: Wait, uploaded: GeminiFile, signal: AbortSignal | undefined): Promise<GeminiFile> => {
  let file = uploaded;
  for (let polls = 0; file.state === "PROCESSING"; polls += 1) {
    if (polls === MOST_POLLS) throw geminiError("gemini_file_timeout", "Gemini did not finish processing a file in time.", { retryable: true });
    await wait(Math.min(POLL_EVERY_MS, FIRST_POLL_MS * 2 ** polls), signal);
    file = await http({ method: "GET", url: `/v1beta/${file.name}`, timeoutMs: REQUEST_MS, signal, read: readFile }).catch((error: unknown) => {
      if (error instanceof AppError && error.retryable) return file;
      throw error;
    });
  }
  if (file.state === "FAILED") throw geminiError("gemini_file_failed", "Gemini could not process a file.", { retryable: false });
  return file;
};

/** Best effort and out of the caller's reach: an abort must not leave a customer's voice lying about. Google forgets it after 48 h anyway. */
const remove = async (http: GeminiHttp, file: GeminiFile): Promise<void> => {
  await http({ method: "DELETE", url: `/v1beta/${file.name}`, timeoutMs: REQUEST_MS, read: async (response) => response.body?.cancel() }).catch((error: unknown) => {
    log.warn("file_not_deleted", { file: file.name, error });
  });
};

/**
 * Uploads bytes to the Files API, waits until the model can read them, lends them to `use` and deletes them afterwards,
 * whatever happened.
 * @throws AppError of `gemini.errors.ts`, `audio_source_failed` when the source breaks, or what `use` throws
 */
export const withUploadedFile = async <T>(
  { http, wait, random }: GeminiFilesTools,
  upload: Upload,
  use: (file: GeminiPart) => Promise<T>,
): Promise<T> => {
  const { signal, mimeType } = upload;
  const uploaded = await retrying({ wait, random, signal }, async () => sendBytes(http, await startUpload(http, upload), upload));
  try {
    const file = await untilActive(http, wait, uploaded, signal);
    return await use({ fileData: { fileUri: file.uri, mimeType } });
  } finally {
    await remove(http, uploaded);
  }
};
