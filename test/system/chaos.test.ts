import { rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findFailures, runScenario, settle, SHORT, SPEED } from "../../bench/chaos/run.ts";
import { SCENARIOS } from "../../bench/chaos/scenarios.ts";
import { openWorld, type World } from "../../bench/chaos/world.ts";
import { STATE_DIR } from "../../bench/lib/house.ts";
import { startStandIn } from "../../bench/lib/stand-in.ts";

/** Of `npm run chaos`, which has more of them and more forms, those that break most at once. */
const SHORTLIST = ["killed-while-twilio-fails", "twilio-lies", "callbacks-twice", "database-fails", "queue-fails"];

let world: World;
let people: Awaited<ReturnType<typeof settle>>;
beforeAll(async () => {
  rmSync(path.join(STATE_DIR, "chaos"), { recursive: true, force: true });
  world = await openWorld(await startStandIn({ speed: SPEED }), () => undefined);
  people = await settle(world, SHORT);
});
afterAll(async () => {
  await world.stop();
  await world.standIn.sandbox.close();
});

it.each(SCENARIOS.filter(({ name }) => SHORTLIST.includes(name)).map((scenario, place) => ({ ...scenario, place })))("while $what: each form that is taken has one end, and nobody is rung twice", { timeout: 400_000 }, async ({ place, ...scenario }) => {
  const verdict = await runScenario(world, scenario, people, SHORT, place * 1_000);
  expect(findFailures(verdict), JSON.stringify(verdict)).toEqual([]);
  expect(Object.values(verdict.ends).reduce((sum, count) => sum + count, 0)).toBe((SHORT.rate * SHORT.ms) / 1000);
});
