import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createServiceCounts } from "../core/observe/service-counts.ts";
import type { ServiceCounts } from "../core/memory/operations.store.ts";
import { observed } from "./middleware/observed.ts";
import type { AppEnv, Services } from "./services.ts";
import { fromTwilio, makeProject, postForm, request } from "../test/support/api.ts";
import { modelThatSays, standInForTwilio } from "../test/support/twilio-wire.ts";

afterEach(() => vi.restoreAllMocks());

const lineSchema = z.looseObject({ event: z.string(), request_id: z.string().nullish(), route: z.string().optional(), lead_id: z.string().optional() });

/** Log lines that were written while something was done. */
const linesOf = async (work: (lines: readonly z.infer<typeof lineSchema>[]) => Promise<unknown>) => {
  const lines: z.infer<typeof lineSchema>[] = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => {
    const parsed = lineSchema.safeParse(JSON.parse(String(line)));
    if (parsed.success) lines.push(parsed.data);
  });
  await work(lines);
  return lines;
};

describe("the log", () => {
  it("has a line for each request, with who, how long and what it cost, by its route and not its path", async () => {
    const project = await makeProject();
    const lines = await linesOf(async () => project.api("GET", `/api/projects/${project.id}/blocklist/${encodeURIComponent("+64211234567")}?q=secret`, undefined, { "X-Request-Id": "trace-1" }));
    expect(lines.filter(({ event }) => event === "request")).toEqual([
      expect.objectContaining({ request_id: "trace-1", method: "GET", route: "/api/projects/:project_id/blocklist/:phone_number", status: 404, tenant_id: project.tenant_id, project_id: project.id, duration_ms: expect.any(Number) as unknown, d1_trips: expect.any(Number) as unknown }),
    ]);
    expect(Number(lines.find(({ event }) => event === "request")?.d1_rows_read)).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toMatch(/\+64211234567|secret/);
  });

  it("shows what came of a request: its runs bear its id, and those that they begin", async () => {
    const project = await makeProject();
    const body = { task: "lead_gen_manager", action: "dashboard_stats", project_id: project.id };
    const lines = await linesOf(async () => project.api("POST", "/api/run", body, { Prefer: "wait=20", "X-Request-Id": "trace-2" }));
    expect(lines.filter(({ request_id }) => request_id === "trace-2").map(({ event }) => event)).toEqual(["run attempt ended", "request"]);
    expect(lines.find(({ event }) => event === "run attempt ended")).toMatchObject({ task: "lead_gen_manager", status: "succeeded", tenant_id: project.tenant_id, d1_rows_read: expect.any(Number) as unknown });
  });

  it("follows a form's request into its call: what the call's object writes bears its id", async () => {
    const twilio = standInForTwilio();
    const project = await makeProject();
    const form = { method: "POST", headers: { "Content-Type": "application/json", "X-Request-Id": "trace-3" }, body: JSON.stringify({ name: "Jane", phone: "021 123 4567" }) };
    expect((await request(`/api/webhooks/wordpress?project_id=${project.id}&key=${project.keys.wordpress}`, form)).status).toBe(200);
    const rowsOf = async () => (await env.DB.prepare("SELECT actor, request_id FROM audit WHERE tenant_id = ? AND action = 'contact.allowed'").bind(project.tenant_id).all<{ actor: string; request_id: string | null }>()).results;
    const rows = await vi.waitUntil(async () => ((await rowsOf()).length > 1 ? rowsOf() : undefined), { timeout: 20_000, interval: 10 });
    twilio.restore();
    expect(new Set(rows.map(({ actor, request_id }) => `${actor} ${request_id ?? ""}`))).toEqual(new Set(["system:bridge-call trace-3"]));
    // For what the sweep makes good of it.
    expect(await env.DB.prepare("SELECT request_id FROM calls WHERE tenant_id = ?").bind(project.tenant_id).first("request_id")).toBe("trace-3");
  });

  it("names a lead where it came in and where Twilio calls back about it", async () => {
    const twilio = standInForTwilio();
    const project = await makeProject();
    const lines = await linesOf(async () => {
      await postForm(project, { name: "Jane", phone: "021 123 4567" });
      const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
      const [address = ""] = (dial.form.get("StatusCallback") ?? "").split("#");
      await request(address.replace("https://apex.test", ""), { method: "POST", body: new URLSearchParams() });
    });
    twilio.restore();
    const named = lines.filter(({ event, lead_id }) => event === "request" && lead_id !== undefined);
    expect(named.map(({ route }) => route)).toEqual(["/api/webhooks/wordpress", "/api/voice/status"]);
    expect(new Set(named.map(({ lead_id }) => lead_id)).size).toBe(1);
  });
});

describe("a lead's life in the log", () => {
  /** A form under a request id of its own, whose owner does not answer: they are texted instead. */
  const unansweredLead = async (requestId: string) => {
    const twilio = standInForTwilio();
    const project = await makeProject();
    const lines = await linesOf(async (sofar) => {
      const form = { method: "POST", headers: { "Content-Type": "application/json", "X-Request-Id": requestId }, body: JSON.stringify({ name: "Jane", phone: "021 123 4567" }) };
      await request(`/api/webhooks/wordpress?project_id=${project.id}&key=${project.keys.wordpress}`, form);
      const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
      const { sid } = await twilio.until(() => twilio.calls.find((one) => one.to === project.owner));
      const status = dial.form.get("StatusCallback") ?? "";
      await fromTwilio(status, { CallSid: sid, CallStatus: "no-answer" });
      await fromTwilio(status.replace("/status?", "/recording-status?"), { CallSid: sid, RecordingSid: "REtrace", RecordingStatus: "completed", RecordingDuration: "7" });
      const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
      const { sid: textSid } = await twilio.until(() => twilio.messages.find((one) => one.to === project.owner));
      await fromTwilio(text.form.get("StatusCallback") ?? "", { MessageSid: textSid, MessageStatus: "delivered", To: project.owner });
      await vi.waitUntil(() => sofar.some(({ event, effect }) => event === "effect" && effect === "sms"), { timeout: 20_000, interval: 20 });
    });
    twilio.restore();
    const lead = lines.find(({ event }) => event === "lead received")?.lead_id;
    return { project, lines, lead };
  };

  it("bears the form's request id in what Twilio calls back about, and in what that begins", async () => {
    const { project, lines } = await unansweredLead("trace-5");
    const callbacks = lines.filter(({ event, route }) => event === "request" && /^\/api\/(?:voice|sms)\//.test(route ?? ""));
    expect(callbacks.map(({ route, request_id }) => [route, request_id])).toEqual(["/api/voice/status", "/api/voice/recording-status", "/api/sms/status"].map((route) => [route, "trace-5"]));
    const run = await env.DB.prepare("SELECT request_id FROM runs WHERE tenant_id = ? AND json_extract(params, '$.call_id') IS NOT NULL").bind(project.tenant_id).first("request_id");
    expect(run).toBe("trace-5");
  });

  it("has a line for each thing that its call asked of Twilio, with what that cost, and one for each text's fate", async () => {
    const { project, lines, lead } = await unansweredLead("trace-6");
    const of = { request_id: "trace-6", lead_id: lead };
    const effects = lines.filter(({ event }) => event === "effect");
    // The owner is rung once; they and the customer are texted.
    expect(effects.map(({ effect }) => effect).toSorted().slice(0, 2)).toEqual(["dial", "sms"]);
    for (const line of effects) expect(line).toMatchObject({ ...of, outcome: "done", tenant_id: project.tenant_id, project_id: project.id, call_id: expect.any(String) as unknown, vendor_calls: { twilio: 1 }, d1_trips: expect.any(Number) as unknown });
    expect(Number(effects.find(({ effect }) => effect === "sms")?.d1_rows_written)).toBeGreaterThan(0);
    expect(lines.filter(({ event }) => event === "sms status")).toEqual([expect.objectContaining(of)]);
    expect(lines.filter(({ event, route }) => event === "request" && route === "/api/sms/status")).toEqual([expect.objectContaining(of)]);
    expect(JSON.stringify(lines)).not.toMatch(/\+6421|\+64 ?21/);
  });

  it("has the lead of a text that comes in", async () => {
    const twilio = standInForTwilio(modelThatSays({ intent: "other" }));
    const project = await makeProject();
    const lines = await linesOf(async () => fromTwilio(`https://apex.test/api/sms/incoming?project_id=${project.id}`, { MessageSid: "SMtrace", AccountSid: "ACtest", From: "+64215559876", To: "+6495550199", NumMedia: "0", Body: "hello" }));
    twilio.restore();
    const lead = await env.DB.prepare("SELECT id FROM entities WHERE tenant_id = ? AND entity_type = 'lead'").bind(project.tenant_id).first<string>("id");
    expect(lead).toBeTruthy();
    expect(lines.filter(({ event, route }) => event === "sms received" || route === "/api/sms/incoming").map(({ lead_id }) => lead_id)).toEqual([lead, lead]);
  });
});

describe("the counts that alerts are judged by", () => {
  it("have nothing of what looks at the service: a vendor that hangs is no slow request of ours", async () => {
    const count = vi.fn();
    const app = new Hono<AppEnv>();
    app.use(observed);
    app.use(async (c, next) => (c.set("services", { measure: () => undefined, serviceCounts: { request: count, flush: () => null } } as unknown as Services), next()));
    for (const path of ["/health", "/api/leads"]) app.get(path, (c) => c.body(null, 503));
    for (const path of ["/health", "/api/leads"]) await app.request(path);
    expect(count.mock.calls).toEqual([[{ status: 503, durationMs: expect.any(Number) as unknown, isLead: false }]]);
  });

  it("are handed over every ten seconds, and kept where they were not taken", async () => {
    let now = 0;
    let isDown = true;
    const taken: ServiceCounts[] = [];
    const counts = createServiceCounts({ now: () => now, add: async (some) => (isDown ? Promise.reject(new Error("D1 is away")) : Promise.resolve(void taken.push(some))) });
    counts.request({ status: 200, durationMs: 2001, isLead: true });
    expect(counts.flush()).toBeNull();
    now = 10_000;
    await expect(counts.flush()).rejects.toThrow("D1 is away");
    isDown = false;
    counts.request({ status: 503, durationMs: 1, isLead: false });
    now = 20_000;
    await counts.flush();
    expect([taken, counts.flush()]).toEqual([[{ requests: 2, errors: 1, slow: 1, leads: 1 }], null]);
  });
});
