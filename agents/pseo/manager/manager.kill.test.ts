import { expect, it } from "vitest";
import { pipelineHouse } from "../pipeline.testing.ts";
import { managerAgent } from "./manager.agent.ts";
import { standInStages } from "./stages.testing.ts";

const DNA = `
services: [{name: Drains, slug: drains}]
modules: {local_seo: {enabled: true, pages: {max_pages: 10, max_drafts: 2}, publishing: {target: wordpress}}}`;

/** Longer than a claim lasts: whoever was cut off is taken for dead by then. */
const CLAIM_IS_OVER_MS = 91_000;
/** Every so many of the manager's moments is cut once: all of them would take minutes. */
const STRIDE = 29;

class Cut extends Error {}

/** A whole pipeline whose manager dies at its n-th touch of database, storage or queue: from then on nothing that it does has an effect. */
const pipelineCutAt = async (n: number) => {
  const stages = standInStages({ pages: 2, refusals: { p0: 1, p1: 9 }, lags: true });
  let armed = false;
  let touched = 0;
  let dead = false;
  const isDead = (): boolean => dead;
  const house = await pipelineHouse({ agents: [managerAgent, ...stages.agents], dna: DNA, tools: stages.tools, watch: () => {
    if (!armed) return;
    if (dead) throw new Cut();
    touched += 1;
    if (touched === n) {
      dead = true;
      throw new Cut();
    }
  } });
  const run = await house.submit("manager");
  let cut = false;
  for (let step = 0; step < 300; step += 1) {
    const current = await house.store.runs.get(run.id);
    if (current.status !== "queued" && current.status !== "running") break;
    const message = house.queue.shift();
    const isManagers = message === undefined || message.run_id === run.id;
    if (message === undefined) house.pass(CLAIM_IS_OVER_MS);
    armed = isManagers && !cut;
    try {
      await house.jobs.execute(message ?? { tenant_id: run.tenant_id, run_id: run.id });
    } catch (error) {
      if (!(error instanceof Cut) && !isDead()) throw error;
    }
    armed = false;
    if (isDead()) {
      cut = true;
      dead = false;
      house.pass(CLAIM_IS_OVER_MS);
    }
    // What the queue has lost, the sweep finds.
    if (message === undefined) for (const due of await house.due()) await house.jobs.execute({ tenant_id: run.tenant_id, run_id: due });
  }
  return { ...house, run: await house.store.runs.get(run.id), stages, cut };
};

it("a manager that is cut off anywhere leaves every page with one outcome, and pays for nothing twice", async () => {
  let cuts = 0;
  for (let n = 1; ; n += STRIDE) {
    const { run, stages, entities, cut, store, projectId } = await pipelineCutAt(n);
    const at = `cut at ${n}`;
    expect(run, at).toMatchObject({ status: "succeeded", result: { pages: 2, statuses: { published: 1, needs_person: 1 } } });
    expect(stages.paid.toSorted(), at).toEqual(["review p0 1", "review p0 2", "review p1 1", "review p1 2", "write p0 0", "write p0 1", "write p1 0", "write p1 1"]);
    expect(stages.published, at).toEqual(["p0"]);
    const pipeline = await store.keyed.find(projectId, "pipeline", "pipeline");
    expect(pipeline?.metadata, at).toMatchObject({ status: "over", total: 2, taken: 2, active: [], outcomes: { passed: 1, needs_person: 1 } });
    expect((await entities("page")).length, at).toBe(2);
    if (!cut) break;
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(8);
}, 300_000);
