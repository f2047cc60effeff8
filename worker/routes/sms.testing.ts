import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { z } from "zod";
import { fromTwilio, type TestProject } from "../../test/support/api.ts";
import { modelThatSays, standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

/** Twilio, and a model that sees no stop in texts in which no rule saw one. */
export const standInForTexts = (): TwilioWire => standInForTwilio(modelThatSays({ intent: "other" }));

const leadSchema = z.looseObject({ id: z.string(), name: z.string(), metadata: z.looseObject({ status: z.string().optional(), phone: z.string().optional(), source: z.string().optional() }) });
export const messageSchema = z.looseObject({
  id: z.string(), lead_id: z.string().nullable(), call_id: z.string().nullable(), direction: z.string(), party: z.string(), purpose: z.string(), from: z.string(), to: z.string(),
  body: z.string(), status: z.string(), error_code: z.number().nullable(), message_sid: z.string().nullable(),
});
export type Message = z.infer<typeof messageSchema>;
export const runSchema = z.looseObject({ id: z.string(), action: z.string(), status: z.string() });
export const items = <Schema extends z.ZodType>(schema: Schema) => z.object({ items: z.array(schema) });

let phones = 0;
export const freshPhone = (): string => `+64215550${String(1000 + ++phones).slice(-4)}`;
let sids = 0;
export const freshSid = (): string => `SMin${++sids}`;

export const TRACKING = "+6495550199";
export const incoming = async (project: Pick<TestProject, "id">, form: { From: string; Body: string } & Record<string, string>): Promise<Response> =>
  fromTwilio(`https://apex.test/api/sms/incoming?project_id=${project.id}`, { MessageSid: freshSid(), AccountSid: "ACtest", To: TRACKING, NumMedia: "0", ...form });

export const leadsOf = async (project: TestProject) => items(leadSchema).parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;
export const leadOf = async (project: TestProject, id: string) => leadSchema.parse(await (await project.api("GET", `/api/entities/${id}`)).json());
export const messagesOf = async (project: TestProject): Promise<Message[]> => items(messageSchema).parse(await (await project.api("GET", `/api/messages?project_id=${project.id}`)).json()).items;

/** What texts could have started: the run that follows a new project's DNA is none of it. */
export const runsOf = async (project: TestProject) => items(runSchema).parse(await (await project.api("GET", `/api/runs?project_id=${project.id}`)).json()).items.filter(({ action }) => action !== "follow");
export const auditOf = async (project: TestProject) => items(z.looseObject({ action: z.string(), details: z.record(z.string(), z.unknown()) })).parse(await (await project.api("GET", "/api/audit?limit=200")).json()).items;
export const optOutsOf = async (project: TestProject, phone: string): Promise<string[]> =>
  (await env.DB.prepare("SELECT channel FROM opt_outs WHERE tenant_id = ? AND phone = ? ORDER BY channel").bind(project.tenant_id, phone).all<{ channel: string }>()).results.map(({ channel }) => channel);

/** A lead that nobody has been rung about. */
export const addLead = async (project: TestProject, phone: string, over: Record<string, unknown> = {}): Promise<string> =>
  leadSchema.parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane Doe", primary_contact: phone, metadata: { phone, status: "called", ...over } })).json()).id;

/** Waits until every run of the project is over. */
export const settled = async (project: TestProject): Promise<boolean> =>
  vi.waitUntil(async () => (await runsOf(project)).every(({ status }) => status !== "queued" && status !== "running"), { timeout: 20_000, interval: 20 });
