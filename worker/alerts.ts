import { iso } from "../core/clock.ts";
import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import type { Alert } from "../core/memory/operations.store.ts";
import { judge } from "../core/observe/rules.ts";
import type { Services } from "./services.ts";

const log = logger("alerts");
const TIMEOUT_MS = 10_000;

type Tools = Pick<Services, "memory" | "clock" | "mailer" | "settings" | "sendAlert">;

/** The body that goes to a webhook; a receiver tells repeats by `id`. */
const bodyOf = (alert: Alert, state: "firing" | "recovered", region: string) => ({
  id: `${alert.rule}:${alert.since}:${state}`,
  rule: alert.rule,
  state,
  detail: alert.detail,
  since: iso(alert.since),
  until: alert.until === null ? null : iso(alert.until),
  service: region,
});

/** @throws when one of the ways that are set did not take it: then it is told again by all, with the same id */
const tell = async ({ mailer, settings, sendAlert }: Tools, alert: Alert, state: "firing" | "recovered"): Promise<void> => {
  const body = bodyOf(alert, state, settings.PUBLIC_API_URL);
  log[state === "firing" ? "error" : "info"]("alert", body);
  const ways: Promise<unknown>[] = [];
  if (settings.ALERT_MAIL_TO !== "" && mailer.configured) {
    const text = `${alert.detail}\n\nSince ${body.since}${body.until === null ? "" : ` until ${body.until}`}, at ${body.service}.\nWhat to do: docs/runbook.md, "${alert.rule}".`;
    ways.push(mailer.send({ to: settings.ALERT_MAIL_TO, subject: `[Apex] ${alert.rule}: ${state}`, text, idempotency_key: `alert:${body.id}` }));
  }
  if (settings.ALERT_WEBHOOK_URL !== undefined) {
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS) };
    const url = settings.ALERT_WEBHOOK_URL;
    ways.push(
      (async () => {
        const response = await sendAlert(url, init);
        await response.body?.cancel();
        if (!response.ok) throw new Error(`the alerts' webhook answered ${response.status}`);
      })(),
    );
  }
  await Promise.all(ways);
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
