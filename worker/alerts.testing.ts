import "../test/support/database.ts";
import { env } from "cloudflare:workers";
import { createMemory } from "../core/memory/memory.ts";
import type { Mail } from "../core/providers/mail/mail.client.ts";
import { createUnjudged } from "../durable/rate-limiter/unjudged.client.ts";
import { databaseThrough } from "../test/support/mortal-database.ts";
import { raiseAlerts } from "./alerts.ts";
import { readSettings } from "./env.ts";

export const HOUR = 3_600_000;
export const NOON = Date.parse("2026-11-26T12:00:00Z");
export const GOOD = { requests: 100, errors: 0, slow: 0, leads: 7 };

const unjudged = createUnjudged({ namespace: env.RATE_LIMITER });

/** Before each test: nothing was counted, and no alert is on. */
export const forgetAlerts = async (): Promise<void> => {
  for (const table of ["service_minutes", "alerts"]) await env.DB.exec(`DELETE FROM ${table}`);
  await unjudged.over();
};

/** A service whose operator has a mailbox and a webhook, which may be down, as its database may. */
export const service = () => {
  let now = NOON;
  let isDown = false;
  let isDatabaseDown = false;
  const texts: string[] = [];
  const clock = { now: () => now, toRealTime: (ms: number) => ms };
  const memory = createMemory({ d1: databaseThrough(env.DB, async (work) => (isDatabaseDown ? Promise.reject(new Error("D1 is away")) : work())), clock });
  const mails: Mail[] = [];
  const posted: { id: string; rule: string; state: string; detail: string }[] = [];
  const tools = {
    memory, clock, unjudged,
    settings: readSettings({ ...env, ALERT_MAIL_TO: "op@apex.test", ALERT_SMS_TO: "+64211230001, +64211230002", ALERT_WEBHOOK_URL: "https://ops.test/hook", ALERT_DAILY_SPEND_USD: "5" }),
    mailer: { configured: true, send: async (mail: Mail) => Promise.resolve(void mails.push(mail)) },
    sendAlertSms: async (phone: string, body: string) => Promise.resolve(void texts.push(`${phone} ${body}`)),
    sendAlert: async (_: RequestInfo | URL, init?: RequestInit) => {
      if (isDown) return Promise.resolve(new Response("no", { status: 503 }));
      posted.push(JSON.parse(typeof init?.body === "string" ? init.body : "{}") as (typeof posted)[number]);
      return Promise.resolve(new Response());
    },
  };
  return {
    memory, mails, posted, texts,
    sweep: async () => raiseAlerts(tools),
    at: async (ms: number, counts: typeof GOOD) => {
      now = ms;
      await memory.operations.add(counts);
      now = ms + 60_000;
    },
    states: () => posted.map(({ rule, state }) => `${rule} ${state}`),
    webhook: (state: "up" | "down") => void (isDown = state === "down"),
    database: (state: "up" | "down") => void (isDatabaseDown = state === "down"),
    clock: (ms: number) => void (now = ms),
  };
};
