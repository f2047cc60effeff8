import { iso, isoOrNull } from "../core/clock.ts";
import type { Alert } from "../core/memory/operations.store.ts";
import type { Services } from "./services.ts";

const TIMEOUT_MS = 10_000;
/** Two of a text's segments; the rest is in the mail and the log. */
const MOST_SMS_CHARS = 300;

export type Told = Pick<Alert, "rule" | "since" | "detail" | "until">;
export type AlertState = "firing" | "recovered";
type Tools = Pick<Services, "mailer" | "settings" | "sendAlert" | "sendAlertSms">;

/** The body that goes to a webhook; a receiver tells repeats by `id`. */
export const bodyOf = (alert: Told, state: AlertState, region: string) => ({
  id: `${alert.rule}:${alert.since}:${state}`,
  rule: alert.rule,
  state,
  detail: alert.detail,
  since: iso(alert.since),
  until: isoOrNull(alert.until),
  service: region,
});

export type Way = [name: string, take: () => Promise<unknown>];

/** How the operator is told, each by a name of its own. One that did not take it throws; each gives up after some ten seconds. */
export const waysOf = ({ mailer, settings, sendAlert, sendAlertSms }: Tools, alert: Told, state: AlertState): Way[] => {
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
