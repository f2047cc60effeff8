import path from "node:path";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { People } from "../../bench/chaos/judge.ts";
import { findFailures, runScenario, settle, SHORT, SPEED } from "../../bench/chaos/run.ts";
import { SCENARIOS } from "../../bench/chaos/scenarios.ts";
import { openWorld, type World } from "../../bench/chaos/world.ts";
import { startStandIn, type StandIn } from "../../bench/lib/stand-in.ts";

/** Of `npm run chaos`, which has more of them and more forms, those that break most at once and are over soon: after D1 fails, lost recordings are sought for minutes. */
const SHORTLIST = ["killed-while-twilio-fails", "twilio-lies", "callbacks-twice", "queue-fails"];
const FORMS_APART = 1_000;

let standIn: StandIn | undefined;
let opened: { world: World; people: People } | undefined;
beforeAll(async () => {
  standIn = await startStandIn({ speed: SPEED });
  const world = await openWorld({ standIn, stateDir: path.join(inject("runDir"), "chaos") });
  opened = { world, people: await settle(world, SHORT) };
});
afterAll(async () => {
  await opened?.world.stop();
  await standIn?.sandbox.close();
});

it.each(SCENARIOS.filter(({ name }) => SHORTLIST.includes(name)).map((scenario, place) => ({ ...scenario, place })))("while $what: each form that is taken has one end, and nobody is rung twice", { timeout: 400_000 }, async ({ place, ...scenario }) => {
  if (opened === undefined) throw new Error("The Worker has not been started.");
  const verdict = await runScenario(opened.world, scenario, opened.people, SHORT, place * FORMS_APART);
  expect(findFailures(verdict), JSON.stringify(verdict)).toEqual([]);
  expect(Object.values(verdict.ends).reduce((sum, count) => sum + count, 0)).toBe(verdict.sent);
});
