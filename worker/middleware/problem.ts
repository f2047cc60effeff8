import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError, describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { AppEnv } from "../services.ts";

const log = logger("http");

const TITLES: Record<number, string> = {
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 412: "Precondition Failed",
  413: "Content Too Large", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 421: "Misdirected Request", 422: "Unprocessable Content", 429: "Too Many Requests",
  500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
};

const CODES: Record<number, string> = { 400: "malformed", 404: "not_found", 413: "too_large", 415: "unsupported_media_type" };

/** RFC 9457. A 5xx says nothing of what broke inside: the log line has it, under the same request id. */
const problem = (c: Context<AppEnv>, error: AppError): Response => {
  const { status } = error;
  const inside = status >= 500;
  const body = {
    type: `https://apex.example/problems/${inside ? "internal" : error.code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail: inside ? "Something went wrong on our side. Please try again." : error.message,
    code: inside ? "internal" : error.code,
    request_id: c.var.requestId,
    ...(inside || error.errors === undefined ? {} : { errors: error.errors }),
    ...(inside || error.baseUrl === undefined ? {} : { base_url: error.baseUrl }),
  };
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json", "X-Request-Id": c.var.requestId, ...error.headers } });
};

const asAppError = (error: Error): AppError => {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) return new AppError({ code: CODES[error.status] ?? "bad_request", status: error.status, message: error.message });
  return new AppError({ code: "internal", status: 500, message: error.message, cause: error });
};

/** The one place where errors become answers. */
export const onError = (error: Error, c: Context<AppEnv>): Response => {
  const known = asAppError(error);
  if (known.status >= 500) {
    log.error("request failed", { request_id: c.var.requestId, method: c.req.method, path: c.req.path, code: known.code, error: describeError(error), stack: error.stack });
  }
  return problem(c, known);
};

export const onNotFound = (c: Context<AppEnv>): Response => problem(c, new AppError({ code: "not_found", status: 404, message: "There is nothing here." }));
