import { createRoute, z } from "@hono/zod-openapi";
import { iso } from "../../core/clock.ts";
import { AppError, conflict, notFound } from "../../core/errors.ts";
import type { Call, ListedCall } from "../../core/memory/calls.store.ts";
import { belongsTo } from "../../core/memory/tenant-storage.ts";
import { ofEachStep } from "../../core/stats/latency.ts";
import { memoryOf, requires } from "../middleware/auth.ts";
import { bearer, createRouter, idParam, json, pageOf, pageQuery, problems, projectIdSchema } from "../router.ts";

const step = z.number().nullable();
const latency = z.object(ofEachStep(() => step));
const NO_LATENCY = ofEachStep(() => null);

const callSchema = z
  .object({
    id: z.string(),
    project_id: z.string(),
    lead_id: z.string(),
    direction: z.enum(["outbound", "inbound"]),
    status: z.string(),
    end_reason: z.string().nullable(),
    source: z.string().nullable(),
    person: z.string().nullable().openapi({ description: "Who took it on the business's side, else whom it was rung first" }),
    canary: z.boolean(),
    call_sid: z.string().nullable(),
    duration_s: z.number().nullable(),
    recording_url: z.string().nullable(),
    analysis: z.unknown(),
    timeline: z.array(z.unknown()),
    latency,
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi("Call");

/** Lists are read by who the customers were. */
const listedCallSchema = callSchema
  .extend({ lead: z.object({ name: z.string(), phone: z.string().nullable() }).nullable().openapi({ description: "Who the customer is; null once they are erased, and for a key without leads:read" }) })
  .openapi("ListedCall");

/** Lists leave the transcription out. */
const callDetailSchema = callSchema.extend({ transcription: z.unknown() }).openapi("CallDetail");

export const shownCall = (call: Omit<Call, "transcription">) => ({
  id: call.id,
  project_id: call.project_id,
  lead_id: call.lead_id,
  direction: call.direction,
  status: call.status,
  end_reason: call.end_reason,
  source: call.source,
  person: call.person,
  canary: call.canary,
  call_sid: call.call_sid,
  duration_s: call.duration_s,
  recording_url: call.recording_key === null ? null : `/api/calls/${call.id}/recording`,
  analysis: call.analysis ?? null,
  timeline: call.timeline,
  latency: { ...NO_LATENCY, ...call.latency },
  created_at: iso(call.created_at),
  updated_at: iso(call.updated_at),
});

const shownListed = (call: ListedCall, mayReadLeads: boolean) => ({ ...shownCall(call), lead: mayReadLeads ? call.lead : null });

const list = createRoute({
  method: "get",
  path: "/api/calls",
  summary: "Calls, newest first",
  security: bearer,
  middleware: [requires()] as const,
  request: { query: pageQuery.extend({ project_id: projectIdSchema.optional(), lead_id: z.string().max(80).optional() }) },
  responses: { 200: json(pageOf(listedCallSchema)), ...problems(401, 403, 422) },
});

const get = createRoute({
  method: "get",
  path: "/api/calls/{id}",
  summary: "One call with its timeline, transcription and analysis",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 200: json(callDetailSchema), ...problems(401, 403, 404) },
});

const recording = createRoute({
  method: "get",
  path: "/api/calls/{id}/recording",
  summary: "The audio; takes a Range",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: {
    200: { description: "The whole recording", content: { "audio/wav": { schema: z.string().openapi({ format: "binary" }) } } },
    206: { description: "The part asked for", content: { "audio/wav": { schema: z.string().openapi({ format: "binary" }) } } },
    ...problems(401, 403, 404, 416),
  },
});

const removeRecording = createRoute({
  method: "delete",
  path: "/api/calls/{id}/recording",
  summary: "Delete the audio, at Twilio too; transcript and analysis stay. A run does it: 202",
  security: bearer,
  middleware: [requires()] as const,
  request: { params: idParam },
  responses: { 202: json(z.object({ run_id: z.string() })), ...problems(401, 403, 404, 409) },
});

export const callsRoutes = createRouter()
  .openapi(list, async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const page = await memoryOf(c).calls.list(filter, { limit, cursor });
    const mayReadLeads = c.var.principal.scopes.includes("leads:read");
    return c.json({ items: page.items.map((call) => shownListed(call, mayReadLeads)), next_cursor: page.next_cursor }, 200);
  })
  .openapi(get, async (c) => {
    const call = await memoryOf(c).calls.get(c.req.valid("param").id);
    return c.json({ ...shownCall(call), transcription: call.transcription ?? null }, 200);
  })
  .openapi(removeRecording, async (c) => {
    const memory = memoryOf(c);
    const call = await memory.calls.get(c.req.valid("param").id);
    if (call.recording_key === null && call.recording_sid === null) throw notFound("recording");
    if (call.end_reason === null) throw conflict("call_in_progress", "The call is not over yet.");
    const run = await c.var.services.jobs.submit(memory, { project_id: call.project_id, task: "privacy", action: "delete_recording", params: { call_id: call.id }, idempotency_key: `delete_recording:${call.id}:${call.recording_sid ?? ""}` });
    return c.json({ run_id: run.id }, 202);
  })
  .openapi(recording, async (c) => {
    const memory = memoryOf(c);
    const call = await memory.calls.get(c.req.valid("param").id);
    // The key comes from a row: one that leads out of the tenant's folder leads nowhere.
    if (call.recording_key === null || !belongsTo(memory.tenantId, call.recording_key)) throw notFound("recording");
    const opened = await c.var.services.recordings.open(call.recording_key, c.req.header("Range"));
    if (opened.kind === "not_found") throw notFound("recording");
    if (opened.kind === "unsatisfiable") {
      throw new AppError({ code: "range_not_satisfiable", status: 416, message: "There is no such part.", headers: { "Content-Range": `bytes */${opened.size}` } });
    }
    await memory.audit.record("recording.read", `call:${call.id}`);
    const headers = {
      "Content-Type": opened.contentType,
      "Accept-Ranges": "bytes",
      ETag: opened.etag,
      "Cache-Control": "private, no-store",
      "X-Content-Type-Options": "nosniff",
    };
    if (opened.kind === "full") return new Response(opened.stream, { headers: { ...headers, "Content-Length": String(opened.size) } });
    const last = opened.offset + opened.length - 1;
    return new Response(opened.stream, { status: 206, headers: { ...headers, "Content-Length": String(opened.length), "Content-Range": `bytes ${opened.offset}-${last}/${opened.size}` } });
  });
