import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Alert } from "../core/memory/operations.store.ts";
import { judge } from "../core/observe/rules.ts";
import { type AlertState, bodyOf, waysOf } from "./alert-ways.ts";
import type { Services } from "./services.ts";
import { noteJudged, tellOfUnjudged } from "./unjudged-alerts.ts";
import { MICROS } from "../core/money.ts";

const log = logger("alerts");

type Tools = Pick<Services, "memory" | "clock" | "mailer" | "settings" | "sendAlert" | "sendAlertSms" | "unjudged">;

/**
 * Each way that has taken it is noted, and not used again for it: a text costs money and knows no repeat. That it is over is told by those
 * ways only that took its beginning, all of them or not.
 * @throws AggregateError of what ways threw, after all were tried: then those that did not take it are used again, with the same id
 */
const tell = async (tools: Tools, alert: Alert, state: AlertState): Promise<void> => {
  log[state === "firing" ? "error" : "info"]("alert", bodyOf(alert, state, tools.settings.PUBLIC_API_URL));
  const told = new Set(alert.told_by);
  const open = waysOf(tools, alert, state).filter(([way]) => !told.has(`${state}:${way}`) && (state === "firing" || told.has(`firing:${way}`)));
  const tried = await Promise.allSettled(
    open.map(async ([way, take]) => {
      await take();
      await tools.memory.operations.toldBy(alert, `${state}:${way}`);
    }),
  );
  const failures = tried.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(describeError).join("; "));
};

const followRules = async (tools: Tools): Promise<void> => {
  const { operations } = tools.memory;
  const { ALERT_DAILY_SPEND_USD: most } = tools.settings;
  for (const [rule, detail] of Object.entries(await judge(operations, tools.clock.now(), most === undefined ? null : most * MICROS))) await (detail === null ? operations.end(rule) : operations.begin(rule, detail));
  for (const untold of await operations.untold()) {
    const [state, what] = untold.until === null ? (["firing", "told_at"] as const) : (["recovered", "recovery_told_at"] as const);
    const taken = await operations.take(untold, what);
    if (taken === null) continue;
    try {
      await tell(tools, taken.alert, state);
      await operations.told(taken.alert, what);
    } catch (error) {
      log.error("alert not told; the next sweep will", { rule: untold.rule, state, error: describeError(error) });
    }
    await operations.leave(taken.alert, taken.until);
  }
  await operations.forgetOld();
};

/**
 * Judges how the service does, and tells the operator of each alert once, and once that it is over. Begun and ended in the database first: what
 * could not be told now is told by the next sweep. That they cannot be judged at all is told without the database.
 * @throws what kept them from being judged
 */
export const raiseAlerts = async (tools: Tools): Promise<void> => {
  try {
    await followRules(tools);
  } catch (error) {
    await tellOfUnjudged(tools);
    throw error;
  }
  await noteJudged(tools);
};
