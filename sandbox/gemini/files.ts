import { createHash, randomBytes, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isObject, objectIn, textIn } from "../kit/json.ts";
import { readJson, sendEmpty, sendJson, type Exchange } from "../kit/http.ts";
import { GeminiError } from "./errors.ts";
import { SpeechRecogniser, type Transcript } from "./speech.ts";

interface StoredFile {
  /** `files/…` */
  readonly name: string;
  readonly uploadId: string;
  readonly displayName: string;
  readonly mimeType: string;
  readonly path: string;
  readonly createdAt: number;
  readonly hash: Hash;
  sha256: string;
  bytes: number;
  state: "UPLOADING" | "PROCESSING" | "ACTIVE" | "FAILED";
}

const KEPT_MS = 48 * 3_600_000;

/** The Files API: resumable uploads, kept on disk so that a big recording is never in memory. */
export class Files {
  readonly #files = new Map<string, StoredFile>();
  #folder: Promise<string> | undefined;

  find(name: string): StoredFile {
    const file = this.#files.get(name);
    // Google does not tell a file that is not there from one that is somebody else's.
    if (file === undefined || file.state === "UPLOADING") throw new GeminiError(403, `You do not have permission to access the File ${name} or it may not exist.`);
    return file;
  }

  /** What is said in an uploaded file, read as a stream. */
  async transcribe(uri: string): Promise<Transcript> {
    const file = this.find(/files\/[\w-]+$/.exec(uri)?.[0] ?? uri);
    if (file.state !== "ACTIVE") throw new GeminiError(400, `The File ${file.name} is not in an ACTIVE state and usage is not allowed.`, { reason: "FAILED_PRECONDITION" });
    const recogniser = new SpeechRecogniser();
    for await (const chunk of createReadStream(file.path)) recogniser.push(chunk as Buffer);
    return recogniser.end();
  }

  /** /upload/v1beta/files: `start` gives a URL; bytes are sent there. */
  async upload(exchange: Exchange, failing: boolean): Promise<void> {
    const { request, response, url } = exchange;
    const command = String(request.headers["x-goog-upload-command"] ?? "");
    if (command === "start") {
      await this.#start(exchange);
      return;
    }
    const file = [...this.#files.values()].find((candidate) => candidate.uploadId === url.searchParams.get("upload_id"));
    if (file?.state !== "UPLOADING") throw new GeminiError(404, "There is no such upload.");
    if (command === "query") {
      response.setHeader("X-Goog-Upload-Size-Received", file.bytes);
      response.setHeader("X-Goog-Upload-Status", "active");
      sendEmpty(response, 200);
      return;
    }
    if (Number(request.headers["x-goog-upload-offset"] ?? "0") !== file.bytes) throw new GeminiError(400, `The upload goes on at ${file.bytes}.`);
    for await (const chunk of request) {
      const bytes = chunk as Buffer;
      await appendFile(file.path, bytes);
      file.hash.update(bytes);
      file.bytes += bytes.length;
    }
    if (!command.includes("finalize")) {
      response.setHeader("X-Goog-Upload-Status", "active");
      sendEmpty(response, 200);
      return;
    }
    file.sha256 = file.hash.digest("base64");
    file.state = failing ? "FAILED" : "PROCESSING";
    sendJson(response, 200, { file: resource(file, exchange) }, { "X-Goog-Upload-Status": "final" });
  }

  /** The first look finds it PROCESSING, any later one ACTIVE. */
  get(name: string, exchange: Exchange): void {
    const file = this.find(name);
    sendJson(exchange.response, 200, resource(file, exchange));
    if (file.state === "PROCESSING") file.state = "ACTIVE";
  }

  list(exchange: Exchange): void {
    const files = [...this.#files.values()].filter((file) => file.state !== "UPLOADING");
    sendJson(exchange.response, 200, files.length === 0 ? {} : { files: files.map((file) => resource(file, exchange)) });
  }

  async remove(name: string, exchange: Exchange): Promise<void> {
    const file = this.find(name);
    this.#files.delete(file.name);
    await rm(file.path, { force: true });
    sendJson(exchange.response, 200, {});
  }

  /** Deletes everything that was uploaded. */
  async clear(): Promise<void> {
    const folder = this.#folder;
    this.#folder = undefined;
    this.#files.clear();
    if (folder !== undefined) await rm(await folder, { recursive: true, force: true });
  }

  async #start(exchange: Exchange): Promise<void> {
    const { request, response } = exchange;
    if (request.headers["x-goog-upload-protocol"] !== "resumable") throw new GeminiError(400, "Only the resumable upload protocol is played here.");
    const body = await readJson(request);
    const id = randomBytes(6).toString("hex");
    this.#folder ??= mkdtemp(join(tmpdir(), "apex-sandbox-"));
    const file: StoredFile = {
      name: `files/${id}`,
      uploadId: randomBytes(12).toString("hex"),
      displayName: isObject(body) ? (textIn(objectIn(body, "file") ?? {}, "display_name") ?? textIn(objectIn(body, "file") ?? {}, "displayName") ?? "") : "",
      mimeType: String(request.headers["x-goog-upload-header-content-type"] ?? "application/octet-stream"),
      path: join(await this.#folder, id),
      createdAt: Date.now(),
      hash: createHash("sha256"),
      sha256: "",
      bytes: 0,
      state: "UPLOADING",
    };
    this.#files.set(file.name, file);
    response.setHeader("X-Goog-Upload-URL", `${originOf(exchange)}/upload/v1beta/files?upload_id=${file.uploadId}&upload_protocol=resumable`);
    response.setHeader("X-Goog-Upload-Status", "active");
    sendJson(response, 200, {});
  }
}

function originOf({ request }: Exchange): string {
  return `http://${request.headers.host ?? "localhost"}`;
}

function resource(file: StoredFile, exchange: Exchange): Record<string, unknown> {
  const { name, displayName, mimeType, bytes, createdAt, sha256, state } = file;
  return {
    name,
    ...(displayName === "" ? {} : { displayName }),
    mimeType,
    sizeBytes: String(bytes),
    createTime: new Date(createdAt).toISOString(),
    updateTime: new Date(createdAt).toISOString(),
    expirationTime: new Date(createdAt + KEPT_MS).toISOString(),
    sha256Hash: sha256,
    uri: `${originOf(exchange)}/v1beta/${name}`,
    state,
    source: "UPLOADED",
    ...(state === "FAILED" ? { error: { code: 3, message: "The file could not be processed." } } : {}),
  };
}
