import { z } from "zod";

/* API.md as a client reads it. Written from that page and not from the product's own schemas, so that the two can disagree. */

const time = z.iso.datetime({ precision: 3 });

export const problemSchema = z.object({
  type: z.string().min(1),
  title: z.string().min(1),
  status: z.number(),
  detail: z.string().min(1),
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  request_id: z.string().min(1),
  errors: z.array(z.object({ path: z.string(), message: z.string().min(1) })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const sessionSchema = z.object({
  token: z.string().min(1),
  expires_at: time,
  user: z.object({ id: z.string(), email: z.string(), name: z.string() }),
  tenant_id: z.string().min(1),
});

export const projectSchema = z.object({ project_id: z.string(), name: z.string(), country: z.string() });

const door = z.object({ url: z.url(), key: z.string().min(16) });
export const webhooksSchema = z.object({ google_ads: door, wordpress: door, voice: z.object({ incoming_url: z.url() }), sms: z.object({ incoming_url: z.url() }) });

export const intakeSchema = z.strictObject({ lead_id: z.string().min(1), status: z.enum(["accepted", "duplicate", "test"]) });

export const analysisSchema = z.strictObject({
  summary: z.string().min(1),
  key_points: z.array(z.string()),
  customer_intent: z.string(),
  next_steps: z.array(z.string()),
  sentiment: z.enum(["positive", "neutral", "negative"]),
  urgency: z.enum(["low", "medium", "high"]),
});

const segmentSchema = z.object({ speaker: z.string(), start_s: z.number().nonnegative(), end_s: z.number().nonnegative(), text: z.string().min(1) });
export const transcriptionSchema = z.object({ text: z.string(), segments: z.array(segmentSchema) });

export const timelineEvents = [
  "received", "held", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "owner_declined", "owner_no_answer", "owner_busy",
  "owner_voicemail", "escalated", "customer_ringing", "customer_answered", "connected", "customer_no_answer", "customer_busy",
  "customer_voicemail", "sms_owner", "sms_customer", "ended", "recorded", "transcribed", "analysed", "alert",
] as const;
export type TimelineEvent = (typeof timelineEvents)[number];

const milliseconds = z.number().nonnegative().nullable();

const callListedSchema = z.object({
  id: z.string(),
  lead_id: z.string(),
  direction: z.enum(["outbound", "inbound"]),
  status: z.enum(["queued", "held", "ringing_owner", "owner_answered", "ringing_customer", "connected", "ended"]),
  end_reason: z
    .enum([
      "connected", "owner_no_answer", "owner_busy", "owner_declined", "owner_voicemail", "customer_no_answer", "customer_busy",
      "customer_voicemail", "invalid_number", "carrier_failed", "blocked", "expired", "superseded", "canceled", "voicemail_left", "abandoned",
    ])
    .nullable(),
  duration_s: z.number().nonnegative().nullable(),
  recording_url: z.string().nullable(),
  analysis: analysisSchema.nullable(),
  timeline: z.array(z.object({ at: time, event: z.enum(timelineEvents), detail: z.record(z.string(), z.unknown()) })),
  latency: z.object({ form_to_dial_ms: milliseconds, form_to_owner_answer_ms: milliseconds, form_to_connected_ms: milliseconds }),
});
export const callSchema = callListedSchema.extend({ transcription: transcriptionSchema.nullable() });
export type Call = z.infer<typeof callSchema>;

export const entitySchema = z.object({
  id: z.string(),
  project_id: z.string().nullable(),
  entity_type: z.string(),
  name: z.string(),
  primary_contact: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: time,
  updated_at: time,
});
export type Entity = z.infer<typeof entitySchema>;

export const runSchema = z.object({
  id: z.string(),
  task: z.string(),
  action: z.string().nullable(),
  status: z.enum(["queued", "running", "succeeded", "failed", "dead"]),
  attempts: z.number().int().nonnegative(),
  progress: z.object({ done: z.number(), total: z.number(), label: z.string() }),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  started_at: time.nullable(),
  finished_at: time.nullable(),
  children: z.array(z.string()),
});
export type Run = z.infer<typeof runSchema>;

export const runAcceptedSchema = z.object({ run_id: z.string(), status: z.string() });

export const auditSchema = z.object({ at: time, actor: z.string(), action: z.string(), resource: z.string(), details: z.record(z.string(), z.unknown()), request_id: z.string().nullable() });

const page = <T extends z.ZodType>(item: T) => z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() });
export const callsSchema = page(callListedSchema);
export const entitiesSchema = page(entitySchema);
export const projectsSchema = page(projectSchema);
export const runsSchema = page(runSchema);
export const auditPageSchema = page(auditSchema);
