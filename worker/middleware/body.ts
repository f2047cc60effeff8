import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { AppError } from "../../core/errors.ts";
import type { AppEnv } from "../services.ts";

export const MAX_BODY_BYTES = 256 * 1024;

/** Bodies over 256 KiB: 413, whether or not they say their length. */
export const limitedBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw new AppError({ code: "too_large", status: 413, message: `A body may have at most ${MAX_BODY_BYTES} bytes.` });
  },
});

/** Wrong content type: 415. Not for intake, which reads what it is given. */
export const accepts = (...types: string[]) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const given = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!types.includes(given)) throw new AppError({ code: "unsupported_media_type", status: 415, message: `Send ${types.join(" or ")}.` });
    await next();
  });

export const acceptsJson = accepts("application/json");

/** The body as text, whatever its content type claims (workerd warns when it is asked to read other types as text). */
export const textOf = async (c: Context<AppEnv>): Promise<string> => new TextDecoder().decode(await c.req.arrayBuffer());
