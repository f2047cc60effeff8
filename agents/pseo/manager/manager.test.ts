import { describe, expect, it } from "vitest";
import { pipelineHouse } from "../pipeline.testing.ts";
import { managerAgent } from "./manager.agent.ts";
import { AT_ONCE } from "./work-on-pages.ts";
import { type Behaviour, standInStages } from "./stages.testing.ts";

const DNA = `
services: [{name: Drains, slug: drains}]
modules: {local_seo: {enabled: true, pages: {max_pages: 500, max_drafts: 3}, publishing: {target: wordpress}}}`;

const house = async (behaviour: Behaviour = {}, dna = DNA) => {
  const stages = standInStages(behaviour);
  const built = await pipelineHouse({ agents: [managerAgent, ...stages.agents], dna, tools: stages.tools });
  const statuses = async (): Promise<Record<string, string>> => Object.fromEntries((await built.entities("page")).map(({ name, metadata }) => [name, String(metadata.status)]));
  return { ...built, stages, statuses };
};

describe("the manager", () => {
  it("takes a project's pages through every stage, each page and each draft paid for once", async () => {
    const { submit, finish, stages, statuses } = await house({ refusals: { p1: 1 } });
    const run = await finish(await submit("manager"));
    expect(run).toMatchObject({ status: "succeeded", result: { pages: 3, statuses: { published: 3 }, not_begun: 0, cost_usd: 0 }, progress: { done: 3, total: 3 } });
    expect(await statuses()).toEqual({ p0: "published", p1: "published", p2: "published" });
    expect(stages.paid.toSorted()).toEqual(["review p0 1", "review p1 1", "review p1 2", "review p2 1", "write p0 0", "write p1 0", "write p1 1", "write p2 0"]);
    expect([...new Set(stages.ran)]).toEqual(["scout_anchors", "strategist_run", "write_pages", "critic_review", "librarian_link", "enhance_media", "publish", "analytics_audit"]);
  });

  it("has the brand brain follow the DNA first, where it lags, and plans nothing when it cannot", async () => {
    const { submit, finish, stages } = await house({ lags: true, broken: new Set(["context_sync"]) });
    expect(await finish(await submit("manager"))).toMatchObject({ status: "dead", error: { code: "stage_failed" } });
    expect(new Set(stages.ran)).toEqual(new Set(["context_sync"]));
    stages.broken.clear();
    expect(await finish(await submit("manager"))).toMatchObject({ status: "succeeded" });
    expect(stages.ran.filter((task) => task !== "context_sync").at(0)).toBe("scout_anchors");
    const learnt = stages.ran.filter((task) => task === "context_sync").length;
    await finish(await submit("manager"));
    expect(stages.ran.filter((task) => task === "context_sync")).toHaveLength(learnt);
  });

  it("gives a page to a person that is refused too often, cannot be written, or does not change, and goes on with the others", async () => {
    const { submit, finish, entities } = await house({ pages: 4, refusals: { p0: 9 }, unwritable: ["p1"], untouched: ["p2"] });
    const run = await finish(await submit("manager"));
    expect(run).toMatchObject({ status: "succeeded", result: { statuses: { needs_person: 3, published: 1 } } });
    const why = Object.fromEntries((await entities("page")).map(({ name, metadata }) => [name, (metadata.needs_person as { why: string } | undefined)?.why]));
    expect(why).toEqual({ p0: "the critic has refused 3 drafts", p1: "write_pages failed: The model refused.", p2: "write_pages ended and changed nothing", p3: undefined });
  });

  it("does not publish where nobody has said where, or the run says not to", async () => {
    const { submit, finish, stages, statuses } = await house();
    await finish(await submit("manager", { publish: false }));
    expect(stages.published).toEqual([]);
    expect(Object.values(await statuses())).toEqual(["passed", "passed", "passed"]);
    expect(stages.ran).not.toContain("analytics_audit");
    // A later run takes up what has passed, and pays for nothing.
    const paid = stages.paid.length;
    await finish(await submit("manager"));
    expect([stages.published.toSorted(), stages.paid.length]).toEqual([["p0", "p1", "p2"], paid]);
  });

  it("does nothing for a business that has not switched pages on, and stops where it is when they are switched off", async () => {
    const { submit, finish, execute, entities, stages, edit } = await house({}, DNA.replace("enabled: true, ", ""));
    expect(await finish(await submit("manager"))).toMatchObject({ status: "failed", failures: 1, error: { code: "local_seo_disabled" } });
    expect([await entities("pipeline"), stages.ran]).toEqual([[], []]);
    await edit(DNA);
    const run = await submit("manager");
    await execute(run);
    await edit(DNA.replace("enabled: true", "enabled: false"));
    expect(await finish(run)).toMatchObject({ status: "failed", error: { code: "local_seo_disabled" } });
    expect((await entities("pipeline")).map(({ metadata }) => metadata.phase)).not.toEqual(["done"]);
  });

  it("takes up no more than some at a time, best first, and no more in all than it may", async () => {
    const { submit, execute, queue, store, finish } = await house({ pages: 70 });
    const run = await submit("manager", { max_pages: 60, publish: false });
    let most = 0;
    for (let step = 0; step < 6; step += 1) {
      await execute(run);
      const parts = await store.runs.partsOf(run.id);
      most = Math.max(most, (parts.queued ?? 0) + (parts.running ?? 0));
      if (step < 2) for (const message of queue.splice(0)) await execute({ id: message.run_id, tenant_id: message.tenant_id });
    }
    expect(most).toBe(AT_ONCE);
    expect(await finish(run, 2000)).toMatchObject({ result: { pages: 60, statuses: { passed: 60 } } });
  });

  it("can be paused, resumed and asked how far it is", async () => {
    const { submit, execute, finish, queue, store } = await house();
    const run = await submit("manager");
    await execute(run);
    expect(await finish(await submit("manager", {}, "pause"))).toMatchObject({ result: { status: "paused", run_id: run.id } });
    const parts = async () => Object.values(await store.runs.partsOf(run.id)).reduce((sum, count) => sum + count, 0);
    const before = await parts();
    queue.length = 0;
    for (let n = 0; n < 3; n += 1) await execute(run);
    expect(await store.runs.get(run.id)).toMatchObject({ status: "queued", progress: { label: "paused" } });
    expect(await parts()).toBe(before);
    expect(await finish(await submit("manager", {}, "status"))).toMatchObject({ result: { pipeline: { status: "paused" }, estimate: { pages: expect.any(Number) as number } } });
    queue.length = 0;
    expect(await finish(await submit("manager", {}, "resume"))).toMatchObject({ result: { status: "running" } });
    expect(queue).toContainEqual({ tenant_id: run.tenant_id, run_id: run.id, bulk: true });
    expect(await finish(run)).toMatchObject({ status: "succeeded", result: { statuses: { published: 3 } } });
    expect(await finish(await submit("manager", {}, "pause"))).toMatchObject({ status: "failed", error: { code: "pipeline_over" } });
  });

  it("refuses a second one while the first is at work, and lets it take over from one that has failed", async () => {
    const { submit, execute, finish, stages } = await house({ broken: new Set(["scout_anchors"]) });
    const first = await submit("manager");
    await execute(first);
    expect(await execute(await submit("manager"))).toMatchObject({ status: "failed", error: { code: "pipeline_running" } });
    expect(await finish(first)).toMatchObject({ status: "dead", error: { code: "stage_failed" } });
    stages.broken.clear();
    expect(await finish(await submit("manager"))).toMatchObject({ status: "succeeded" });
  });

  it("stops at a stage that failed for good, and goes on from there when it is retried", async () => {
    const { submit, finish, stages, store, jobs } = await house({ broken: new Set(["librarian_link"]) });
    const run = await finish(await submit("manager"));
    expect(run).toMatchObject({ status: "dead", error: { code: "stage_failed", message: expect.stringContaining("librarian_link is broken") as string } });
    const paid = stages.paid.length;
    stages.broken.clear();
    await store.runs.requeue(run.id, 0);
    await jobs.enqueue(run);
    expect(await finish(run)).toMatchObject({ status: "succeeded", result: { statuses: { published: 3 } } });
    expect(stages.paid.length).toBe(paid);
  });

  it("writes a page again that a person has sent back, although a draft of that number was written before", async () => {
    const { submit, finish, stages, store, entities, pass } = await house({ pages: 1, refusals: { p0: 3 } });
    await finish(await submit("manager"));
    const [page] = await entities("page");
    expect(page?.metadata.status).toBe("needs_person");
    pass(1000);
    await store.entities.patch(page?.id ?? "", { metadata: { status: "planned", drafts: 0 } });
    const writes = stages.paid.length;
    const run = await finish(await submit("manager"));
    expect(run.status).toBe("succeeded");
    expect(stages.paid.slice(writes)).toEqual(["write p0 0", "review p0 1", "write p0 1", "review p0 2", "write p0 2", "review p0 3"]);
  });

  it("begins no page when the money for them is spent, and nothing at all when it cannot be enough for one", async () => {
    const { submit, finish, stages, store, execute, queue, projectId } = await house({ pages: 60 });
    expect(await finish(await submit("manager", { max_usd: 0.000001 }))).toMatchObject({ status: "failed", error: { code: "budget_too_small" } });
    expect(stages.paid).toEqual([]);
    const run = await submit("manager", { max_usd: 1, publish: false });
    const caps = { money_per_day_micros: null, money_per_month_micros: null };
    while ((await store.keyed.find(projectId, "pipeline", "pipeline"))?.metadata.taken !== AT_ONCE) {
      const message = queue.shift();
      await execute(message === undefined ? run : { id: message.run_id, tenant_id: message.tenant_id });
    }
    await store.usage.add({ project_id: null, run_id: run.id, budget: "models", caps, lines: [{ kind: "model_input_tokens", detail: "x", quantity: 1, cost_micros: 1_000_001 }] });
    expect(await finish(run, 2000)).toMatchObject({ status: "succeeded", result: { pages: 60, not_begun: 60 - AT_ONCE, cost_usd: 1.000001 } });
  });
});
