import { acceptLead } from "../../agents/lead-gen/accept-lead.ts";
import { FORM_TIME_MARK, THANKS_PATH } from "../../agents/pseo/hosted/document.ts";
import { pageMetadataSchema } from "../../agents/pseo/page.schemas.ts";
import { readFormBody } from "../../core/intake/form-body.ts";
import { isEmptyLead, normaliseLead } from "../../core/intake/normalised-lead.ts";
import { logger } from "../../core/log.ts";
import { describeError } from "../../core/errors.ts";
import { phoneFieldToE164 } from "../../core/phone.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { openFormTime } from "../../core/security/form-time.ts";
import { ADDRESS_LIMITS } from "../../core/security/limits.ts";
import { networkOf } from "../middleware/address-limit.ts";
import { NEVER } from "./headers.ts";
import { busyNotice, emptyNotice, tooLargeNotice } from "./notices.ts";
import type { Visit } from "./visit.ts";

const log = logger("pages");

/** Two submissions of the same person within this time are one, as with every form. */
const REPEAT_WINDOW_MS = 10 * 60_000;
/** Nobody reads a page and fills in its form in less. */
const FASTEST_MS = 2_000;
const MAX_BODY_BYTES = 64 * 1024;

/** Null: more than a form holds. */
const bodyOf = async (request: Request): Promise<Uint8Array | null> => {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array<ArrayBuffer>>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : new Uint8Array(await new Blob(chunks).arrayBuffer());
};

/** Whether one address has sent too much. A counter that cannot be reached lets pass: its outage is not the visitor's doing. */
const tooOften = async ({ request, services, requestId }: Visit): Promise<boolean> => {
  const address = request.headers.get("CF-Connecting-IP");
  if (services.settings.APEX_ENV === "local" || address === null) return false;
  try {
    const answer = await services.rateLimiter.for(`address:${networkOf(address)}`).take({ key: "page_form", class: "auth", limit: ADDRESS_LIMITS.page_form });
    return !answer.allowed;
  } catch (error) {
    log.error("the rate limiter could not be reached; the form passes", { request_id: requestId, error: describeError(error) });
    return false;
  }
};

/**
 * Why a submission looks like a program's; null: it does not. It is kept all the same, as spam that rings nobody: a person whose browser
 * fills in everything is found there.
 */
const suspicionOf = ({ request, url, host, services }: Visit, fields: Readonly<Record<string, unknown>>): string | null => {
  if (typeof fields.company_url === "string" && fields.company_url !== "") return "honeypot";
  const origin = request.headers.get("Origin");
  if (origin !== null && origin !== "null" && origin !== url.origin) return "other_origin";
  const shown = openFormTime(typeof fields.t === "string" ? fields.t : "", host, services.settings.APEX_JWT_SECRET);
  if (shown === null) return "not_shown";
  return services.clock.now() - shown < FASTEST_MS ? "too_fast" : null;
};

/** Service and place are the page's, as we know it, not what the form says. */
const aboutOf = async ({ site, memory }: Visit, path: string): Promise<{ page_id: string | null; service: string | null; place: string | null }> => {
  const known = await memory.hostedPages.find(site.project.id, path);
  const page = known && (await memory.entities.find(known.page_id));
  const metadata = page && pageMetadataSchema.safeParse(page.metadata).data;
  return { page_id: known?.page_id ?? null, service: metadata && metadata.service.slug !== "hub" ? metadata.service.name : null, place: metadata?.place?.name ?? null };
};

const text = (value: unknown): string | null => (typeof value === "string" && value.trim() !== "" ? value : null);

/**
 * The form of a hosted page: a lead by the one door that all leads take. Needs no script, and no key: what it can do, anybody who reads
 * the page may do. Answers by a redirect, so that a reload sends nothing again.
 */
export const takeForm = async (visit: Visit): Promise<Response> => {
  const { request, services, site, memory, origin, host, requestId, waitUntil, frame } = visit;
  const html = (status: number, body: string): Response => new Response(body, { status, headers: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": NEVER, ...(status === 429 ? { "Retry-After": "60" } : {}) } });
  if (await tooOften(visit)) return html(429, busyNotice(await frame()));
  const body = await bodyOf(request);
  if (body === null) return html(413, tooLargeNotice(await frame()));
  const read = await readFormBody(body, request.headers.get("Content-Type"));
  const fields: Record<string, unknown> = read.ok ? Object.fromEntries(Object.entries(read.fields)) : {};
  const path = text(fields.page) ?? "/";
  const about = await aboutOf(visit, path);
  const typed = text(fields.phone);
  const lead = normaliseLead({
    name: text(fields.name), phone: typed === null ? null : phoneFieldToE164(typed, site.project.country), phone_raw: typed, email: text(fields.email), message: text(fields.message),
    service: about.service, place: about.place, page_url: about.page_id === null ? null : `${origin}${path}`,
  });
  if (isEmptyLead(lead)) return html(422, emptyNotice(await frame(), path).replaceAll(FORM_TIME_MARK, visit.formTime()));
  const suspicion = suspicionOf(visit, fields);
  const person = lead.phone ?? lead.email ?? sha256Hex(JSON.stringify([lead.name, lead.phone_raw, lead.message]));
  await acceptLead(
    { memory, bridgeCalls: services.bridgeCalls, enqueue: services.jobs.enqueue, requestId, waitUntil, changed: services.changed },
    {
      project: site.project,
      dna: await services.dna.load(site.project),
      source: "hosted_page",
      lead,
      test: null,
      // What was taken for a program's must not make a person's a repeat.
      spam: suspicion,
      dedupe: { key: `${suspicion === null ? "hosted" : "hosted-spam"}:${person}`, withinMs: REPEAT_WINDOW_MS },
      extra: { page_id: about.page_id, host, ...(suspicion === null ? {} : { spam_reason: suspicion }) },
    },
  );
  return new Response(null, { status: 303, headers: { Location: `${origin}${THANKS_PATH}`, "Cache-Control": NEVER } });
};


