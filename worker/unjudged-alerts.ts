import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Rule } from "../core/observe/rule-names.ts";
import { type AlertState, bodyOf, type Told, type Way, waysOf } from "./alert-ways.ts";
import type { Services } from "./services.ts";

const log = logger("alerts");

/** What one sweep alone could not do was a hiccup. */
const PATIENCE_MS = 120_000;
/** Longer than any way takes to answer: whoever has taken one on and died leaves it to the next sweep by then. */
const LEASE_MS = 60_000;

type Tools = Pick<Services, "clock" | "mailer" | "settings" | "sendAlert" | "sendAlertSms" | "unjudged">;

const alertOf = (since: number, until: number | null): Told & { rule: Rule } => ({ rule: "not_judged", since, until, detail: "Alerts cannot be judged: a database does not answer. The log says why." });

/** The log is one of them: it too is told once. */
const allWays = (tools: Tools, alert: Told, state: AlertState): Way[] => [
  [
    "log",
    async () => {
      log[state === "firing" ? "error" : "info"]("alert", bodyOf(alert, state, tools.settings.PUBLIC_API_URL));
      return Promise.resolve();
    },
  ],
  ...waysOf(tools, alert, state),
];

const notTold = (state: AlertState, way: string, error: unknown): void => log.error("alert not told", { rule: "not_judged", state, way: way.replace(/:.*/, ""), error: describeError(error) });

/** Tells the operator that alerts cannot be judged, by each way once, without any database. One that does not take it is tried again by the next sweep. */
export const tellOfUnjudged = async (tools: Tools): Promise<void> => {
  const { unjudged, clock } = tools;
  const now = clock.now();
  const since = await unjudged.lasts(now);
  if (now - since < PATIENCE_MS) return;
  await Promise.all(
    allWays(tools, alertOf(since, null), "firing").map(async ([way, take]) => {
      if (!(await unjudged.take(way, LEASE_MS, now))) return;
      try {
        await take();
      } catch (error) {
        notTold("firing", way, error);
        await unjudged.leave(way);
        return;
      }
      await unjudged.told(way);
    }),
  );
};

/** They are judged (again): whoever was told that they were not hears of it, if by a way that takes it at once. */
export const noteJudged = async (tools: Tools): Promise<void> => {
  const outage = await tools.unjudged.over();
  if (outage === null) return;
  const ways = allWays(tools, alertOf(outage.since, tools.clock.now()), "recovered").filter(([way]) => outage.told.includes(way));
  await Promise.all(ways.map(async ([way, take]) => take().catch((error: unknown) => notTold("recovered", way, error))));
};
