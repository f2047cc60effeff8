import { beforeAll, describe, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import type { House } from "../support/house.ts";
import { sweepNowAndThen } from "../support/sweep.ts";
import { instantOf } from "./clocks.ts";
import type { Act, Moment, Scenario, Sight } from "./scenario.types.ts";
import { differences } from "./sight.ts";
import { newTenant, setStage, type Stage, type Tenant } from "./stage.ts";

/*
 * Plays scenarios in one house. Acts of the same hour are played together, side by side; then the Worker is started again at the
 * next hour, since its clock never goes back.
 */

interface Playing {
  scenario: Scenario;
  stage: Stage;
  /** What was to be seen at last. */
  seen: Sight;
}

const createPlay = (house: House) => {
  const playing = new Map<Scenario, Playing>();
  let shared: Promise<Tenant> | undefined;
  const sweep = sweepNowAndThen(house);

  const see = async (stage: Stage, what: string, sight: Partial<Sight>): Promise<void> => {
    let last: string[] = [];
    await eventually(what, async () => {
      last = await differences(house, stage, sight);
      if (last.length > 0) await sweep();
      return last.length === 0;
    }, () => last);
  };

  const begin = async (scenario: Scenario): Promise<Stage> => {
    const tenant = scenario.alone === true ? await newTenant(house) : await (shared ??= newTenant(house));
    return setStage(house, tenant, scenario);
  };

  return {
    async play(scenario: Scenario, act: Act): Promise<void> {
      const before = playing.get(scenario);
      const stage = before?.stage ?? (await begin(scenario));
      for (const deed of act.does ?? []) {
        if ("until" in deed) await see(stage, "the middle of the act", deed.until);
        else await stage.act(deed);
      }
      await see(stage, "the end of the act", act.sees);
      playing.set(scenario, { scenario, stage, seen: act.sees });
    },
    /** A new hour: everybody signs in again. */
    async moveTo(moment: Moment): Promise<void> {
      await house.moveTo(instantOf(moment));
      for (const tenant of new Set([...playing.values()].map(({ stage }) => stage.tenant))) await tenant.signIn();
      await house.sweep();
    },
    /** Once all is quiet: nobody was rung or texted more than was to be seen. */
    async nothingMore(): Promise<void> {
      await Promise.race([house.sandbox.idle(), eventually("a sweep", async () => house.sweep().then(() => true))]);
      const left = await Promise.all([...playing.values()].map(async ({ scenario, stage, seen }) => {
        const { rung, texts } = seen;
        return (await differences(house, stage, { rung, texts })).map((difference) => `${scenario.name}: ${difference}`);
      }));
      if (left.flat().length > 0) throw new Error(left.flat().join("\n"));
    },
  };
};

/** Defines the tests of these scenarios: an hour after another, its acts side by side (`together` false: one after another, where they kill the Worker). */
export const playScenarios = (house: House, scenarios: readonly Scenario[], { together = true }: { together?: boolean } = {}): void => {
  const play = createPlay(house);
  const acts = scenarios.flatMap((scenario) => scenario.acts.map((act, index) => ({ scenario, act, index })));
  const hours = [...new Set(acts.map(({ act }) => instantOf(act.at)))].toSorted((a, b) => a - b);
  hours.forEach((hour, place) => {
    const now = acts.filter(({ act }) => instantOf(act.at) === hour);
    const moment = now[0]?.act.at;
    if (moment === undefined) return;
    describe(`at ${moment.wall} in ${moment.zone}`, () => {
      if (place > 0) beforeAll(async () => play.moveTo(moment));
      for (const { scenario, act, index } of now) (together ? it.concurrent : it)(index === 0 ? scenario.name : `${scenario.name} (${index + 1})`, async () => play.play(scenario, act));
      it("nobody was rung or texted more than that", async () => play.nothingMore());
    });
  });
};
