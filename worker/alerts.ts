import { iso, isoOrNull } from "../core/clock.ts";
import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Alert } from "../core/memory/operations.store.ts";
import { judge } from "../core/observe/rules.ts";
import type { Services } from "./services.ts";

const log = logger("alerts");
const TIMEOUT_MS = 10_000;

/** Two of a text's segments; the rest is in the mail and the log. */
const MOST_SMS_CHARS = 300;

type Tools = Pick<Services, "memory" | "clock" | "mailer" | "settings" | "sendAlert" | "sendAlertSms">;

/** The body that goes to a webhook; a receiver tells repeats by `id`. */
const bodyOf = (alert: Alert, state: "firing" | "recovered", region: string) => ({
  id: `${alert.rule}:${alert.since}:${state}`,
  rule: alert.rule,
  state,
  detail: alert.detail,
  since: iso(alert.since),
  until: isoOrNull(alert.until),
  service: region,
});

type Way = [name: string, take: () => Promise<unknown>];

const waysOf = ({ mailer, settings, sendAlert, sendAlertSms }: Tools, alert: Alert, state: "firing" | "recovered"): Way[] => {
  const body = bodyOf(alert, state, settings.PUBLIC_API_URL);
  const ways: Way[] = settings.ALERT_SMS_TO.map((phone): Way => [`sms:${phone}`, async () => sendAlertSms(phone, `[Apex] ${alert.rule}: ${state}. ${alert.detail}`.slice(0, MOST_SMS_CHARS))]);
  if (settings.ALERT_MAIL_TO !== "" && mailer.configured) {
    const text = `${alert.detail}\n\nSince ${body.since}${body.until === null ? "" : ` until ${body.until}`}, at ${body.service}.\nWhat to do: docs/runbook.md, "${alert.rule}".`;
    ways.push(["mail", async () => mailer.send({ to: settings.ALERT_MAIL_TO, subject: `[Apex] ${alert.rule}: ${state}`, text, idempotency_key: `alert:${body.id}` })]);
  }
  if (settings.ALERT_WEBHOOK_URL !== undefined) {
    const url = settings.ALERT_WEBHOOK_URL;
    ways.push([
      "webhook",
      async () => {
        const response = await sendAlert(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) });
        await response.body?.cancel();
        if (!response.ok) throw new Error(`the alerts' webhook answered ${response.status}`);
      },
    ]);
  }
  return ways;
};

/**
 * Each way that has taken it is noted, and not used again for it: a text costs money and knows no repeat.
 * @throws AggregateError of what ways threw, after all were tried: then those that did not take it are used again, with the same id
 */
const tell = async (tools: Tools, alert: Alert, state: "firing" | "recovered"): Promise<void> => {
  log[state === "firing" ? "error" : "info"]("alert", bodyOf(alert, state, tools.settings.PUBLIC_API_URL));
  const open = waysOf(tools, alert, state).filter(([way]) => !(alert.told_by ?? []).includes(`${state}:${way}`));
  const tried = await Promise.allSettled(
    open.map(async ([way, take]) => {
      await take();
      await tools.memory.operations.toldBy(alert, `${state}:${way}`);
    }),
  );
  const failures = tried.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(describeError).join("; "));
};

/** Judges how the service does, and tells the operator of each alert once, and once that it is over. Begun and ended in the database first: what could not be told now is told by the next sweep. */
export const raiseAlerts = async (tools: Tools): Promise<void> => {
  const { memory, clock } = tools;
  const { operations } = memory;
  for (const [rule, detail] of Object.entries(await judge(operations, clock.now()))) await (detail === null ? operations.end(rule) : operations.begin(rule, detail));
  for (const alert of await operations.untold()) {
    const state = alert.told_at === null ? "firing" : "recovered";
    try {
      await tell(tools, alert, state);
      await operations.told(alert, state === "firing" ? "told_at" : "recovery_told_at");
    } catch (error) {
      log.error("alert not told; the next sweep will", { rule: alert.rule, state, error: describeError(error) });
    }
  }
  await operations.forgetOld();
};
