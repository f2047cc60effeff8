import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, type TestProject } from "../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../test/support/twilio-wire.ts";
import worker from "./index.ts";

/** By the leg that Twilio files them under. */
const recordings = new Map<string, { sid: string; status: string; duration: string | null }[]>();

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
  twilio.answerWith(({ method, path }) => {
    const leg = /\/Calls\/(\w+)\/Recordings\.json$/.exec(path)?.[1];
    return method === "GET" && leg !== undefined ? { status: 200, body: { recordings: recordings.get(leg) ?? [] } } : undefined;
  });
});
afterAll(() => twilio.restore());

const sweepNow = async (): Promise<void> => {
  const ctx = createExecutionContext();
  await worker.scheduled(createScheduledController(), env);
  await waitOnExecutionContext(ctx);
};

const MINUTE_MS = 60_000;

/** A call that is over, of which no recording was ever told. */
const pastCall = async (project: TestProject, { endedAgoMs = 5 * MINUTE_MS, end_reason = "connected", direction = "outbound", recording_sid = null, recording_s = null }: Partial<{ endedAgoMs: number; end_reason: string; direction: string; recording_sid: string | null; recording_s: number | null }> = {}): Promise<{ id: string; leg: string }> => {
  const lead = { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone: "+64211234567", status: "called" } };
  const { id: leadId } = z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", lead)).json());
  const [id, leg, now] = [`call_${leadId}`, `CA${leadId.replaceAll(/\W/g, "")}`, Date.now()];
  await env.DB.prepare(
    `INSERT INTO calls (id, tenant_id, project_id, lead_id, direction, status, end_reason, received_at, ended_at, call_sid, parent_party, recording_sid, recording_s, timeline, latency, revision, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 'ended', ?6, ?7, ?8, ?9, 'owner', ?10, ?11, '[]', '{}', 1, ?7, ?7)`,
  )
    .bind(id, project.tenant_id, project.id, leadId, direction, end_reason, now - 10 * MINUTE_MS, now - endedAgoMs, leg, recording_sid, recording_s)
    .run();
  await env.DB.prepare("UPDATE calls SET request_id = 'req-form' WHERE id = ?").bind(id).run();
  return { id, leg };
};

const runsOf = async (project: TestProject) =>
  z.object({ items: z.array(z.object({ action: z.string().nullable(), status: z.string(), attempts: z.number(), error: z.unknown() })) }).parse(await (await project.api("GET", `/api/runs?project_id=${project.id}&task=lead_gen_manager`)).json()).items;
const recordingOf = async (callId: string) => env.DB.prepare("SELECT recording_sid, recording_s FROM calls WHERE id = ?").bind(callId).first();
const downloadsOf = (sid: string) => twilio.requests.filter(({ path }) => path.endsWith(`/Recordings/${sid}.wav`));
const askedAbout = (leg: string) => twilio.requests.filter(({ path }) => path.endsWith(`/Calls/${leg}/Recordings.json`));

describe("a recording that nobody has told of", () => {
  it.each([
    ["a conversation", "connected", "outbound"],
    ["a message on the machine", "voicemail_left", "inbound"],
  ])("of %s is asked after once the call is over, and the longest is fetched, by one run however often is swept", async (_what, end_reason, direction) => {
    const project = await makeProject();
    const { id, leg } = await pastCall(project, { end_reason, direction });
    const [short, long] = [`REshort${leg}`, `RElong${leg}`];
    recordings.set(leg, [{ sid: short, status: "completed", duration: "4" }, { sid: long, status: "completed", duration: "61" }, { sid: `REnone${leg}`, status: "absent", duration: "99" }]);
    await sweepNow();
    await sweepNow();
    await twilio.until(() => downloadsOf(long)[0]);
    expect(await recordingOf(id)).toEqual({ recording_sid: long, recording_s: 61 });
    expect(await runsOf(project)).toMatchObject([{ action: "transcribe_call" }]);
    expect(await env.DB.prepare("SELECT request_id FROM runs WHERE tenant_id = ? AND action = 'transcribe_call'").bind(project.tenant_id).first("request_id")).toBe("req-form");
    expect(downloadsOf(short)).toEqual([]);
  });

  it("is waited for while Twilio is making it", async () => {
    const project = await makeProject();
    const { id, leg } = await pastCall(project);
    recordings.set(leg, [{ sid: `REmade${leg}`, status: "processing", duration: null }]);
    await sweepNow();
    await twilio.until(() => askedAbout(leg)[0]);
    expect(await recordingOf(id)).toEqual({ recording_sid: null, recording_s: null });
    expect(await runsOf(project)).toMatchObject([{ action: "transcribe_call", error: null }]);
  });

  it("is not sought where there is none to expect", async () => {
    const project = await makeProject();
    const told = await pastCall(project, { recording_sid: "REtold", recording_s: 30 });
    const deleted = await pastCall(project, { recording_s: 30 });
    const silent = await pastCall(project, { end_reason: "owner_no_answer" });
    const recent = await pastCall(project, { endedAgoMs: MINUTE_MS });
    const unrecorded = await makeProject('modules: {lead_gen: {sales_bridge: {destination_phone: "+64211004444", recording: {enabled: false}}}}');
    const talked = await pastCall(unrecorded);
    await sweepNow();
    for (const one of [project, unrecorded]) expect(await runsOf(one)).toEqual([]);
    for (const { leg } of [told, deleted, silent, recent, talked]) expect(askedAbout(leg)).toEqual([]);
  });
});
