import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { fromTwilio, makeProject, postForm, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { problemSchema } from "../router.ts";
import { statsSchema } from "./stats.routes.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const dna = (owner: string, timeZone: string, connectedS: number): string =>
  `{identity: {time_zone: "${timeZone}"}, modules: {lead_gen: {targets: {form_to_connected_s: ${connectedS}}, sales_bridge: {destination_phone: "${owner}"}}}}`;
const stats = async (project: TestProject, query = `?project_id=${project.id}`) => statsSchema.parse(await (await project.api("GET", `/api/stats${query}`)).json());

/** Lists lag a moment behind a call's object. */
const expectSoon = async <T>(read: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> => {
  const seen = await vi.waitUntil(async () => {
    const value = await read();
    return isSo(value) ? { value } : undefined;
  }, { timeout: 20_000, interval: 20 });
  return seen.value;
};

describe("GET /api/stats", () => {
  it("shows a call's steps beside the business's targets as it happens", async () => {
    const project = await makeProject(dna("+64211200001", "Pacific/Auckland", 20));
    await postForm(project, { name: "Jane", phone: "021 123 4567" });
    const dial = await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const sid = (await twilio.until(() => twilio.calls.find((call) => call.to === project.owner))).sid;
    await fromTwilio(dial.form.get("StatusCallback") ?? "", { CallSid: sid, CallStatus: "no-answer" });
    const ended = await expectSoon(async () => stats(project), (figures) => figures.calls.by_end_reason.owner_no_answer === 1);
    expect(ended).toMatchObject({
      project_id: project.id,
      leads: { total: 1, by_source: { wordpress: 1 }, by_score: { unscored: 1 } },
      calls: { total: 1, by_direction: { outbound: 1 }, connect_rate: 0, missed_inbound: 0 },
      funnel: { leads: 1, scored: 0, called: 1, connected: 0, booked: 0 },
      cost: { per_booking_usd: null },
      target: { form_to_dial_ms: 5000, form_to_connected_ms: 20_000 },
      by_project: [{ project_id: project.id, time_zone: "Pacific/Auckland", canary: null }],
      canary: null,
    });
    expect(ended.response_time.overall.form_to_dial_ms).toMatchObject({ count: 1, target: 5000 });
    expect(ended.response_time.overall.form_to_connected_ms).toEqual({ count: 0, p50: null, p95: null, target: 20_000 });
    expect(ended.response_time.by_source.map(({ source }) => source)).toEqual(["wordpress"]);
    expect(Date.parse(ended.to) - Date.parse(ended.from)).toBe(30 * 86_400_000);
  });

  it("tells of the trend, of each source, and of the period before when asked to", async () => {
    const project = await makeProject();
    await postForm(project, { name: "No Phone", email: "no.phone@example.nz" });
    const lead = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await (await project.api("GET", `/api/entities?project_id=${project.id}&type=lead`)).json()).items[0]?.id ?? "";
    await project.api("PATCH", `/api/entities/${lead}`, { metadata: { status: "won", amount: 125 } });
    const day = 86_400_000;
    const [from, to] = [new Date(Date.now() - 9 * day).toISOString(), new Date(Date.now() + day).toISOString()];
    const figures = await stats(project, `?project_id=${project.id}&from=${from}&to=${to}&interval=week&compare=previous`);
    expect(figures).toMatchObject({ interval: "week", previous: { to: from, leads: 0, calls: 0, connect_rate: null, bookings: { count: 0, amount: 0 }, p50: null } });
    expect(figures.by_source).toEqual([{ source: "wordpress", leads: 1, bookings: 1, amount: 125, cost_usd: 0, cost_per_lead_usd: 0, cost_per_booking_usd: 0 }]);
    expect(figures.trend.map(({ date }) => new Date(`${date}T00:00Z`).getUTCDay())).toEqual(figures.trend.map(() => 1));
    expect([figures.trend.reduce((sum, { leads }) => sum + leads, 0), figures.trend.reduce((sum, { amount }) => sum + amount, 0)]).toEqual([1, 125]);
    expect((await stats(project)).previous).toBeNull();
    expect((await project.api("GET", `/api/stats?project_id=${project.id}&interval=decade`)).status).toBe(422);
  });

  it("of all projects shows each with its own target and zone, and the hardest for all", async () => {
    const one = await makeProject(dna("+64211200002", "Pacific/Auckland", 60));
    await one.api("POST", "/api/projects", { project_id: `${one.id}-b`, name: "B", country: "GB" });
    const figures = await stats(one, "");
    expect(figures).toMatchObject({ project_id: null, target: { form_to_connected_ms: 30_000 } });
    expect(Object.fromEntries(figures.by_project.map(({ project_id, time_zone, response_time }) => [project_id, [time_zone, response_time.form_to_connected_ms.target]]))).toEqual({
      [one.id]: ["Pacific/Auckland", 60_000],
      [`${one.id}-b`]: ["Europe/London", 30_000],
    });
  });

  it.each([
    ["over 366 days", "from=2025-01-01T00:00:00Z&to=2026-01-03T00:00:00Z", 422],
    ["that end before they begin", "from=2026-04-04T00:00:00Z&to=2026-01-01T00:00:00Z", 422],
    ["from long ago until now", "from=2020-01-01T00:00:00Z", 422],
    ["from a time that is none", "from=yesterday", 422],
    ["of 366 days", "from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", 200],
  ])("answers times %s: %s with %i", async (_, query, status) => {
    const project = await makeProject();
    expect((await project.api("GET", `/api/stats?project_id=${project.id}&${query}`)).status).toBe(status);
  });

  it("is 404 for another tenant's project, and 401 for nobody", async () => {
    const [mine, theirs] = [await makeProject(), await makeProject()];
    expect(problemSchema.parse(await (await mine.api("GET", `/api/stats?project_id=${theirs.id}`)).json())).toMatchObject({ status: 404, code: "project_not_found" });
    expect((await request("/api/stats")).status).toBe(401);
  });

  it("is in the OpenAPI document", async () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(await (await request("/openapi.json")).json());
    expect(Object.keys(paths)).toContain("/api/stats");
  });
});

describe("dashboard_stats", () => {
  it("gives the same figures as the route", async () => {
    const project = await makeProject();
    await postForm(project, { name: "No Phone", email: "no.phone@example.nz" });
    const [from, to] = [new Date(Date.now() - 3_600_000).toISOString(), new Date(Date.now() + 3_600_000).toISOString()];
    const body = { task: "lead_gen_manager", action: "dashboard_stats", project_id: project.id, params: { from, to } };
    const run = z.object({ result: statsSchema }).parse(await (await project.api("POST", "/api/run", body, { Prefer: "wait=20" })).json());
    expect(run.result.leads.total).toBe(1);
    expect(run.result).toEqual(await stats(project, `?project_id=${project.id}&from=${from}&to=${to}`));
  });
});
