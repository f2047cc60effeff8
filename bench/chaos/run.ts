import { readLog } from "../../test/system/support/sandbox-log.ts";
import { type Account, type Business, createBusinesses, signUp } from "../lib/tenants.ts";
import { ownerPhone } from "../lib/people.ts";
import { sendForms } from "./forms.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Scenario } from "./scenarios.ts";
import type { World } from "./world.ts";

export interface Sizes {
  /** Forms a second, and for how long they come in. */
  rate: number;
  ms: number;
  businesses: number;
  ownersEach: number;
}

export const FULL: Sizes = { rate: 50, ms: 4_000, businesses: 20, ownersEach: 5 };
/** What `npm test` has time for. */
export const SHORT: Sizes = { rate: 10, ms: 2_000, businesses: 4, ownersEach: 3 };

/** How fast telephones are: a call takes some seconds, so that a crash finds calls in every state. */
export const SPEED = 0.05;
const PATIENCE_MS = 90_000;
const LIMIT_MS = 300_000;

/** The businesses to which all scenarios' forms go. */
export const settle = async (world: World, { businesses, ownersEach }: Sizes): Promise<{ account: Account; businesses: Business[] }> => {
  const account = await signUp(world.url);
  return { account, businesses: await createBusinesses(account, "chaos", businesses, (index) => Array.from({ length: ownersEach }, (_, owner) => ownerPhone(ownersEach * index + owner))) };
};

/** Forms come in, the scenario breaks what it breaks, and what became of each form is counted. @param first number of the first form */
export const runScenario = async (world: World, scenario: Scenario, { account, businesses }: Awaited<ReturnType<typeof settle>>, { rate, ms }: Sizes, first: number): Promise<Verdict> => {
  const since = readLog(world.standIn.sandbox).now();
  const [forms] = await Promise.all([sendForms({ url: world.url, businesses, rate, count: Math.round((rate * ms) / 1000), first, patienceMs: PATIENCE_MS }), scenario.run(world, ms)]);
  return judge({ account, businesses, forms, standIn: world.standIn, limitMs: LIMIT_MS, since });
};

/** Why it was not good enough; empty when all is well. */
export const findFailures = ({ lost, twice, refused, runs }: Verdict): string[] => [
  ...(lost > 0 ? [`${lost} lost`] : []),
  ...(twice > 0 ? [`${twice} rung twice`] : []),
  ...(refused > 0 ? [`${refused} never taken`] : []),
  ...(runs.open > 0 ? [`${runs.open} jobs still open`] : []),
];
