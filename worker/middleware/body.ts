import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { AppError } from "../../core/errors.ts";
import type { AppEnv } from "../services.ts";

const MAX_BODY_BYTES = 256 * 1024;

/** A photo as a phone takes it, made smaller once; in a form with a few words. */
const MAX_PHOTO_BYTES = 6 * 1024 * 1024;

/** Ten thousand leads with what they wrote. */
const MAX_IMPORT_BYTES = 4 * 1024 * 1024;

const limitOf = (path: string): number => (/^\/api\/projects\/[^/]+\/photos$/.test(path) ? MAX_PHOTO_BYTES : path === "/api/entities/import" ? MAX_IMPORT_BYTES : MAX_BODY_BYTES);

const tooLarge = (most: number): AppError => new AppError({ code: "too_large", status: 413, message: `A body may have at most ${most} bytes.` });

/**
 * Bodies over 256 KiB (6 MiB for a photo, 4 MiB for a file of leads): 413, whether or not they say their length. One that does not is read to its end and thrown away,
 * since a connection with half a request in it is of no use to the next one. What is read is kept for the handlers.
 */
export const limitedBody = createMiddleware<AppEnv>(async (c, next) => {
  const { body } = c.req.raw;
  const most = limitOf(c.req.path);
  const length = c.req.header("Content-Length");
  if (body !== null && length !== undefined && Number(length) > most) throw tooLarge(most);
  if (body !== null && length === undefined) {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body as ReadableStream<Uint8Array>) {
      size += chunk.byteLength;
      if (size <= most) chunks.push(chunk);
    }
    if (size > most) throw tooLarge(most);
    c.req.raw = new Request(c.req.raw.url, { method: c.req.method, headers: c.req.raw.headers, body: await new Blob(chunks).arrayBuffer() });
  }
  await next();
});

/** Wrong content type: 415. Not for intake, which reads what it is given. */
export const accepts = (...types: string[]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const given = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!types.includes(given)) throw new AppError({ code: "unsupported_media_type", status: 415, message: `Send ${types.join(" or ")}.` });
    await next();
  });

export const acceptsJson = accepts("application/json");

/** For a body that may be left out. */
export const acceptsJsonIfAny = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header("Content-Type") === undefined) await next();
  else await acceptsJson(c, next);
});

/** The body as text, whatever its content type claims (workerd warns when it is asked to read other types as text). */
export const textOf = async (c: Context<AppEnv>): Promise<string> => new TextDecoder().decode(await c.req.arrayBuffer());
