import PostalMime from "postal-mime";
import { MOST_HTML, MOST_TEXT } from "../agents/lead-gen/hunt/sniper.agent.ts";
import { describeError } from "../core/errors.ts";
import { keyInAddress } from "../core/intake/mail-address.ts";
import { logger } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import { sha256Hex } from "../core/security/constant-time.ts";
import type { RateLimit } from "../core/security/limits.ts";
import type { Services } from "./services.ts";

const log = logger("mail-intake");

/** A saved search's mail has some 100 KB; Email Routing itself takes 25 MiB. */
const MOST_BYTES = 1024 * 1024;
/** Of all of a tenant's projects. */
const LIMIT: RateLimit = { quota: 120, window_s: 3600 };
const MOST_SUBJECT = 200;

/** What of a mail is used; Cloudflare's ForwardableEmailMessage. */
export type IncomingMail = Pick<ForwardableEmailMessage, "to" | "raw" | "rawSize" | "setReject">;

const readBounded = async (raw: ReadableStream<Uint8Array>): Promise<Uint8Array | null> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of raw) {
    size += chunk.byteLength;
    // What a header says of its size, its sender wrote.
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
};

const parse = async (bytes: Uint8Array) => {
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: 20, maxHeadersSize: 64 * 1024 });
  } catch (error) {
    log.warn("a mail could not be parsed", { error: describeError(error) });
    return null;
  }
};

const mayCome = async ({ rateLimiter }: Services, tenantId: string): Promise<boolean> => {
  try {
    return (await rateLimiter.for(tenantId).take({ key: "hunt_mail", class: "run", limit: LIMIT })).allowed;
  } catch (error) {
    log.error("the rate limiter could not be reached; the mail passes", { tenant_id: tenantId, error: describeError(error) });
    return true;
  }
};

/** @returns why the mail is not taken; null: it is */
const takeIn = async (services: Services, { to, raw, rawSize }: Pick<IncomingMail, "to" | "raw" | "rawSize">): Promise<string | null> => {
  const key = keyInAddress(to);
  const project = key === null ? undefined : await services.memory.directory.mailIntake(sha256Hex(key));
  if (project === undefined) return "There is no such address.";
  if (rawSize > MOST_BYTES) return "The message is too large.";
  if (!(await mayCome(services, project.tenant_id))) return "Too many messages. Try again in an hour.";
  const bytes = await readBounded(raw);
  if (bytes === null) return "The message is too large.";
  const parsed = await parse(bytes);
  const text = parsed?.text?.trim().slice(0, MOST_TEXT) ?? "";
  const html = parsed?.html?.trim().slice(0, MOST_HTML) ?? "";
  if (text === "" && html === "") return "There is nothing to read in the message.";
  const store = services.memory.for(project.tenant_id, systemActor("mail-intake"));
  const subject = parsed?.subject?.trim().slice(0, MOST_SUBJECT) ?? "";
  const run = await services.jobs.submit(store, {
    project_id: project.id,
    task: "sniper_agent",
    action: "hunt",
    params: { platform: "mail", ...(text === "" ? {} : { text }), ...(html === "" ? {} : { html }), ...(subject === "" ? {} : { subject }) },
    // Servers that heard no answer send it again, with other headers on its way.
    idempotency_key: `hunt_mail:${sha256Hex(JSON.stringify([project.id, parsed?.messageId ?? "", subject, text, html]))}`,
  });
  log.info("a mail was taken in", { tenant_id: project.tenant_id, project_id: project.id, run_id: run.id, bytes: bytes.byteLength });
  return null;
};

/**
 * Takes in a mail that was sent to a project's own address, which nobody can guess: a saved search's, forwarded. It is stored as a run
 * before this returns, and read by the code that reads pages (sniper_agent). The same mail once more is the same run.
 * What is not taken is rejected, so that its sender hears of it; an unknown address and a malformed one alike.
 * @throws what the store throws: the mail's server tries again
 */
export const receiveMail = async (services: Services, mail: IncomingMail): Promise<void> => {
  const refusal = await takeIn(services, mail);
  if (refusal !== null) mail.setReject(refusal);
};
