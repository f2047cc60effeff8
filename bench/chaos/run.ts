import { readLog } from "../../test/system/support/sandbox-log.ts";
import { ownerPhone } from "../lib/people.ts";
import { createBusinesses, signUp } from "../lib/tenants.ts";
import { sendForms } from "./forms.ts";
import { judge, listRuns, type People, type Verdict } from "./judge.ts";
import { BEFORE_AND_AFTER_MS, type Scenario, type Spans } from "./scenarios.ts";
import type { World } from "./world.ts";

export interface Sizes extends Spans {
  /** Forms a second; and where they come in all through an outage. */
  rate: number;
  steadyRate: number;
  businesses: number;
  ownersEach: number;
}

export const FULL: Sizes = { rate: 50, steadyRate: 3, formsMs: 1_000, faultMs: 10_000, outageMs: 60_000, businesses: 12, ownersEach: 3 };
/** What `npm test` has time for. */
export const SHORT: Sizes = { rate: 10, steadyRate: 3, formsMs: 1_000, faultMs: 2_000, outageMs: 3_000, businesses: 5, ownersEach: 2 };

/** How fast telephones are: a call takes some seconds, so that a crash finds calls in every state. */
export const SPEED = 0.05;
/** What there is to transcribe of a conversation, seconds: more is work for the machine, and tries nothing else. */
const SPOKEN_S = 8;
/** Longer than anything stays broken. */
const PATIENCE_MS = 240_000;
const LIMIT_MS = 600_000;

/** The businesses to which all scenarios' forms go. */
export const settle = async (world: World, { businesses, ownersEach }: Sizes): Promise<People> => {
  const phonesOf = (index: number): string[] => Array.from({ length: ownersEach }, (_, owner) => ownerPhone(ownersEach * index + owner));
  for (let index = 0; index < businesses; index += 1) for (const phone of phonesOf(index)) world.standIn.sandbox.setNumber(phone, { spoken_s: SPOKEN_S });
  const account = await signUp(world.url);
  return { account, businesses: await createBusinesses(account, "chaos", businesses, phonesOf) };
};

/** Forms come in, the scenario breaks what it breaks, and what became of each form is counted. @param first number of the first form */
export const runScenario = async (world: World, scenario: Scenario, people: People, sizes: Sizes, first: number): Promise<Verdict> => {
  const since = readLog(world.standIn.sandbox).now();
  const before = new Set((await listRuns(people)).map(({ id }) => id));
  const { rate, formsMs } = scenario.throughout ? { rate: sizes.steadyRate, formsMs: sizes.outageMs + 2 * BEFORE_AND_AFTER_MS } : sizes;
  const count = Math.round((rate * formsMs) / 1000);
  const [forms] = await Promise.all([sendForms({ url: world.url, businesses: people.businesses, rate, count, first, patienceMs: PATIENCE_MS }), scenario.run(world, sizes)]);
  const verdict = await judge({ ...people, forms, standIn: world.standIn, limitMs: LIMIT_MS + (scenario.latenessMs ?? 0), since, before });
  world.standIn.sandbox.setTwilioFaults({ calls: null, callbacks: null });
  world.standIn.sandbox.setGeminiFaults({ generate: null });
  return verdict;
};

/** Why it was not good enough; empty when all is well. */
export const findFailures = ({ lost, twice, refused, unheard, runs }: Verdict): string[] => [
  ...(lost > 0 ? [`${lost} lost`] : []),
  ...(twice > 0 ? [`${twice} rung twice`] : []),
  ...(refused > 0 ? [`${refused} never taken`] : []),
  ...(unheard > 0 ? [`${unheard} conversations never transcribed`] : []),
  ...(runs.open > 0 ? [`${runs.open} jobs still open`] : []),
];
