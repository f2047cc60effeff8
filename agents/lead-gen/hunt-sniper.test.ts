import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createDnaLoader } from "../../core/dna/loader.ts";
import { type AgentContext, Later, type Progress } from "../../core/kernel/agent.ts";
import { newBusiness } from "../../core/memory/context/context.testing.ts";
import type { AgentTools } from "../tools.ts";
import { huntSniper } from "./hunt-sniper.ts";
import { leadScorer } from "./scoring/lead-scorer.agent.ts";

const NO_PROGRESS = { done: 0, total: 0, label: "" };

/** A run whose parts the test does, in place of the queue. */
const running = async (task: string, action: string, params: Record<string, unknown> = {}) => {
  const { store, project: id } = await newBusiness();
  const project = await store.projects.get(id);
  const dna = await createDnaLoader({ bucket: env.STORAGE }).load(project);
  const { run } = await store.runs.create({ project_id: id, task, action, params }, 0);
  const queued: string[] = [];
  const reports: Progress[] = [];
  const tools = { clock: { now: () => Date.now() }, enqueue: async (part: { id: string }) => Promise.resolve(void queued.push(part.id)) } as unknown as AgentTools;
  const context: AgentContext<AgentTools> = { runId: run.id, attempt: 1, queuedAt: 0, projectId: id, memory: store, tools, report: async (progress) => Promise.resolve(void reports.push(progress)), project, dna };
  const perform = async (): Promise<unknown> => {
    const doing = task === "lead_scorer" ? leadScorer.actions[action] : huntSniper;
    if (doing?.needsDna !== true) throw new Error("no such action");
    const result = await doing.run(context, doing.params.parse(params));
    return result instanceof Later ? "later" : result;
  };
  const parts = async () => store.runs.parts(run.id);
  const end = async (wanted: string, result: unknown, status: "succeeded" | "dead" = "succeeded") => {
    for (const part of (await parts()).filter(({ task: of, action: doing, status: now }) => now === "queued" && `${of}.${doing ?? ""}`.startsWith(wanted))) {
      const claimed = await store.runs.claim(part.id, 1000);
      if (claimed) await store.runs.finish(claimed, status === "succeeded" ? { status, result } : { status, error: { code: "x", message: "x" } }, NO_PROGRESS);
    }
  };
  const addLead = async (metadata: Record<string, unknown>) => (await store.entities.create({ project_id: id, entity_type: "lead", name: "Tap", primary_contact: "", metadata: { source: "sniper", status: "new", ...metadata } })).id;
  return { store, id, run, perform, parts, end, queued, reports, addLead };
};
const names = (parts: { task: string; action: string | null }[]): string[] => parts.map(({ task, action }) => `${task}.${action ?? ""}`);

describe("a hunt", () => {
  it("reads, scores and acts, each stage once the one before is over, and each part once however often it is taken up", async () => {
    const { perform, parts, end, addLead, queued } = await running("lead_gen_manager", "hunt_sniper", { max_pages: 2 });
    for (let n = 0; n < 3; n++) expect(await perform()).toBe("later");
    expect(names(await parts())).toEqual(["sniper_agent."]);
    const [good, fine, bad] = [await addLead({ score: 95 }), await addLead({ score: 81 }), await addLead({ score: 80 })];
    await end("sniper_agent", { created: [fine, bad], joined: [good] });
    for (let n = 0; n < 3; n++) expect(await perform()).toBe("later");
    expect(names(await parts())).toEqual(["sniper_agent.", "lead_scorer.score", "lead_scorer.score"]);
    await end("lead_scorer", { scored: 2 });
    for (let n = 0; n < 3; n++) expect(await perform()).toBe("later");
    expect(names(await parts()).slice(3)).toEqual(["lead_gen_manager.act_on_lead", "lead_gen_manager.act_on_lead"]);
    await end("lead_gen_manager", { acted: "card" });
    expect(await perform()).toEqual({ scrape: { created: [fine, bad], joined: [good] }, score: [{ scored: 2 }, { scored: 2 }], act: [{ acted: "card" }, { acted: "card" }] });
    expect(queued).toHaveLength(5);
  });

  it("that could read nothing scores and acts on what there is, and says what failed", async () => {
    const { perform, end, parts } = await running("lead_gen_manager", "hunt_sniper");
    await perform();
    await end("sniper_agent", null, "dead");
    await perform();
    await end("lead_scorer", { scored: 0 });
    expect(await perform()).toEqual({ scrape: { status: "dead", error: { code: "x", message: "x" } }, score: [{ scored: 0 }], act: [] });
    expect(names(await parts())).toEqual(["sniper_agent.", "lead_scorer.score"]);
  });

  it("whose parts were begun in part only begins the others, and tries none again that has failed", async () => {
    const { perform, end, parts, addLead, store, id, run } = await running("lead_gen_manager", "hunt_sniper");
    await perform();
    await end("sniper_agent", {});
    await perform();
    const [one, two] = [await addLead({ score: 99 }), await addLead({ score: 98 })];
    await end("lead_scorer", { scored: 2 });
    // The Worker died behind the first of two parts.
    await store.runs.createParts(run.id, [{ project_id: id, task: "lead_gen_manager", action: "act_on_lead", params: { lead_id: one }, idempotency_key: `hunt:${run.id}:act:${one}` }], 0);
    expect(await perform()).toBe("later");
    expect((await parts()).slice(2).map(({ idempotency_key }) => idempotency_key?.split(":").at(-1))).toEqual([one, two]);
    await end("lead_gen_manager", null, "dead");
    expect(await perform()).toMatchObject({ act: [{ status: "dead" }, { status: "dead" }] });
    expect(await parts()).toHaveLength(4);
  });

  it("rings about nothing that was found more than a day ago, or that was dealt with", async () => {
    const { perform, end, addLead, store, id } = await running("lead_gen_manager", "hunt_sniper");
    await addLead({ score: 99, status: "lost" });
    await addLead({ score: 99, acted: { how: "card" } });
    await addLead({ score: 99, source: "wordpress" });
    const fresh = await addLead({ score: 99 });
    expect(await store.leadScores.overThreshold(id, 80, Date.now() - 86_400_000, 9)).toEqual([{ id: fresh, score: 99 }]);
    expect(await store.leadScores.overThreshold(id, 99, 0, 9)).toEqual([]);
    expect(await store.leadScores.overThreshold(id, 80, Date.now() + 1000, 9)).toEqual([]);
    await perform();
    await end("sniper_agent", {});
    await perform();
    await end("lead_scorer", {});
    expect(await perform()).toBe("later");
  });
});

describe("lead_scorer", () => {
  it("has leads scored by parts of fifty and adds their figures up, those of a part that failed aside", async () => {
    const { perform, parts, end, reports, addLead } = await running("lead_scorer", "score");
    for (let n = 0; n < 60; n++) await addLead({});
    await addLead({ score: 1 });
    for (let n = 0; n < 2; n++) expect(await perform()).toBe("later");
    const [first, ...others] = await parts();
    expect([first?.action, others.length]).toEqual(["score_part", 1]);
    expect(reports[0]).toMatchObject({ done: 0, total: 2, steps: "parts" });
    await end("lead_scorer", { not_found: 1, scored: 30, by_rules: 10, by_model: 15, reused: 5, unanswered: 2 });
    expect(await perform()).toEqual({ not_found: 2, scored: 60, by_rules: 20, by_model: 30, reused: 10, unanswered: 4, failed_parts: 0 });
  });

  it("with nothing to score says so at once", async () => {
    const { perform } = await running("lead_scorer", "score");
    expect(await perform()).toMatchObject({ scored: 0, failed_parts: 0 });
  });

  it("scores all found leads again where it is asked to, and named ones whatever they are", async () => {
    const again = await running("lead_scorer", "score", { rescore: true });
    const ids = [await again.addLead({ score: 5 }), await again.addLead({ status: "lost" })];
    await again.addLead({ source: "wordpress" });
    await again.perform();
    const paramsOf = async (of: typeof again) => (await of.store.runs.get((await of.parts())[0]?.id ?? "")).params;
    expect(await paramsOf(again)).toEqual({ lead_ids: ids.toReversed() });
    const named = await running("lead_scorer", "score", { lead_ids: ["ent_x", "ent_x", "ent_y"] });
    await named.perform();
    expect(await paramsOf(named)).toEqual({ lead_ids: ["ent_x", "ent_y"] });
  });
});
