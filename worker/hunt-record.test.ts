import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { says } from "../core/providers/gemini/gemini.testing.ts";
import { forgetHunts } from "../agents/lead-gen/hunt/progress.ts";
import { huntSchema } from "./routes/hunts.schemas.ts";
import { item, list, runSchema, SITE, source, tenant, useBoard, web } from "./hunt.testing.ts";

useBoard();

describe("a hunt's record", () => {
  const PAGES = {
    "/jobs?page=1": list(item("1", "Tap drips"), item("3", "Sofa to give away"), item("4", "Taps to fit for free"), item("6", "Drain smells", { place: "Sydney" })),
    "/jobs?page=2": list(),
  };
  const recordOf = async ({ api }: Pick<Awaited<ReturnType<typeof tenant>>, "api">, id: string) => huntSchema.parse(await (await api("GET", `/api/hunts/${id}`)).json());

  it("names what was kept, by which word, and what was left out, why", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], geo_filter: ["Epsom"], sources: { board: source() } });
    const { body } = await business.start();
    const { id, result } = runSchema.parse(body);
    const record = await recordOf(business, id);
    expect(record).toMatchObject({ run_id: id, status: "succeeded", whole: null, sources: [{ source: "board", found: 4, created: 1, stopped: "nothing_new" }] });
    expect(record.kept).toMatchObject([{ lead_id: result?.created[0], outcome: "created", name: "Tap drips", place: "Epsom", matched: "tap", score: null, status: "new", url: `${SITE}/post/1` }]);
    expect(record.left_out).toEqual([
      { source: "board", title: "Sofa to give away", url: `${SITE}/post/3`, reason: "no_keyword" },
      { source: "board", title: "Taps to fit for free", url: `${SITE}/post/4`, reason: "negative_keyword" },
      { source: "board", title: "Drain smells", url: `${SITE}/post/6`, reason: "elsewhere" },
    ]);
    const again = runSchema.parse((await business.start()).body);
    expect((await recordOf(business, again.id)).kept).toMatchObject([{ outcome: "joined", name: "Tap drips" }]);
  });

  it("names no post whose person was erased", async () => {
    web.pages = { "/jobs?page=1": list(item("1", "Tap drips")), "/jobs?page=2": list() };
    const business = await tenant({ platforms: ["board"], sources: { board: source() } });
    const first = await business.hunt();
    await business.api("DELETE", `/api/entities/${first.created[0] ?? ""}`);
    await vi.waitUntil(async () => (await business.leads()).length === 0, { timeout: 20_000, interval: 20 });
    const { id, result } = runSchema.parse((await business.start()).body);
    expect(result?.dropped).toEqual({ erased: 1 });
    expect(JSON.stringify(await recordOf(business, id))).not.toContain("Tap drips");
  });

  it("is there for a pasted text, and while the hunt has not begun", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], sources: { board: source() }, max_usd: 1 });
    web.model = () => Response.json(says(JSON.stringify({ posts: [{ title: "My boiler is out", first_line: 1, last_line: 1, location: null, phone: null, posted: null, urgency: null }] })));
    const pasted = runSchema.parse((await business.start({ text: "My boiler is out", platform: "facebook" })).body);
    expect(await recordOf(business, pasted.id)).toMatchObject({ sources: [{ source: "facebook", created: 1 }], kept: [{ name: "My boiler is out", matched: null }] });
    const { run_id } = z.object({ run_id: z.string() }).parse((await business.start({}, "wait=0")).body);
    expect([(await recordOf(business, run_id)).run_id, (await business.finish(run_id)).status]).toEqual([run_id, "succeeded"]);
  });

  it("is none of another kind of run, and gone after its time, others staying", async () => {
    web.pages = PAGES;
    const business = await tenant({ platforms: ["board"], sources: { board: source() } });
    const { id } = runSchema.parse((await business.start()).body);
    const { run_id } = z.object({ run_id: z.string() }).parse(await (await business.api("POST", "/api/run", { task: "lead_gen_manager", action: "dashboard_stats", project_id: business.project_id })).json());
    expect((await business.api("GET", `/api/hunts/${run_id}`)).status).toBe(404);
    expect(await forgetHunts(env.STORAGE, business.tenant_id, id)).toBe(0);
    expect((await recordOf(business, id)).left_out).toHaveLength(2);
    expect(await forgetHunts(env.STORAGE, business.tenant_id, `${id}~`)).toBe(1);
    expect(await recordOf(business, id)).toMatchObject({ sources: [], kept: [], left_out: [] });
  });
});
