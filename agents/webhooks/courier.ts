import { iso } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { later, type Later, type SystemContext } from "../../core/kernel/agent.ts";
import type { WebhookDelivery } from "../../core/memory/webhook-deliveries.store.ts";
import { endpointSecretPlace, type WebhookEndpoint } from "../../core/memory/webhook-endpoints.store.ts";
import { notedVendor } from "../../core/observe/activity.ts";
import { signStandard } from "../../core/security/webhook-signatures.ts";
import { holdMs, pauseMs, retryAfterMs } from "../../core/webhooks/schedule.ts";
import type { AgentTools } from "../tools.ts";
import { payloadOf } from "./payload.ts";

/** What a receiver may take (Standard Webhooks: 15 to 30 s), and say. */
const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 65_536;
const AT_ONCE = 5;
/** Then others have a turn. */
const ROUNDS = 4;
/** For a retry that is so near a run stays open; a later one the sweep finds. */
const NEAR_MS = 10_000;

type Context = SystemContext<AgentTools>;

/** The secrets that sign, the newest first. */
const secretsOf = async ({ tools }: Pick<Context, "tools">, endpoint: WebhookEndpoint): Promise<string[]> => {
  const place = endpointSecretPlace(endpoint);
  const isReplacing = endpoint.old_secret_sealed !== null && (endpoint.old_secret_until ?? 0) > tools.clock.now();
  const sealed = [endpoint.secret_sealed, ...(isReplacing && endpoint.old_secret_sealed !== null ? [endpoint.old_secret_sealed] : [])];
  return Promise.all(sealed.map(async (one) => tools.vault.open(one, place)));
};

interface Answer {
  status: number | null;
  error: string | null;
  retryAfterMs: number | null;
}

const post = async ({ tools }: Pick<Context, "tools">, endpoint: WebhookEndpoint, delivery: WebhookDelivery, secrets: readonly string[], body: string): Promise<Answer> => {
  const timestamp = String(Math.floor(tools.clock.now() / 1000));
  notedVendor("webhook");
  try {
    const { status, headers } = await tools.egress.fetch({
      url: endpoint.url,
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "User-Agent": `Apex-Webhooks/1 (+${tools.publicUrl})`,
        "webhook-id": delivery.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": secrets.map((secret) => signStandard(secret, { id: delivery.id, timestamp, body })).join(" "),
      },
      body,
      maxBytes: MOST_ANSWER_BYTES,
      timeoutMs: TIMEOUT_MS,
      maxRedirects: 0,
    });
    const received = status >= 200 && status < 300;
    return { status, error: received ? null : `http_${status}`, retryAfterMs: received ? null : retryAfterMs(headers.get("Retry-After"), tools.clock.now()) };
  } catch (error) {
    if (error instanceof AppError) return { status: null, error: error.code, retryAfterMs: null };
    throw error;
  }
};

/** @returns whether it was received */
const sendOne = async ({ memory, tools }: Pick<Context, "memory" | "tools">, endpoint: WebhookEndpoint, delivery: WebhookDelivery, secrets: readonly string[]): Promise<boolean> => {
  const body = JSON.stringify(await payloadOf({ memory, publicUrl: tools.publicUrl }, delivery));
  const began = tools.clock.now();
  const { status, error, retryAfterMs: asked } = await post({ tools }, endpoint, delivery, secrets, body);
  const now = tools.clock.now();
  const tried = { at: iso(began), status, error, duration_ms: now - began };
  if (error === null) {
    await memory.webhookDeliveries.received(delivery, tried);
    return true;
  }
  const pause = pauseMs(delivery.attempts + 1, asked, tools.random());
  await memory.webhookDeliveries.failed(delivery, endpoint, { tried, next_at: pause === null ? null : now + pause, hold_until: now + holdMs(endpoint.failures + 1, asked), gone: status === 410 });
  return false;
};

/**
 * Sends what is due at one endpoint. After a failure it is left alone for a while, and then tried by one delivery at a time, so that what
 * waits behind a receiver that is down uses up none of its attempts.
 */
export const sendDue = async ({ memory, tools }: Context, { endpoint_id }: { endpoint_id: string }): Promise<{ sent: number; failed: number } | Later> => {
  const counts = { sent: 0, failed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const endpoint = await memory.webhookEndpoints.find(endpoint_id);
    if (!endpoint || endpoint.disabled_at !== null) return counts;
    if ((endpoint.hold_until ?? 0) > tools.clock.now()) break;
    const due = await memory.webhookDeliveries.due(endpoint_id, endpoint.failures > 0 ? 1 : AT_ONCE);
    if (due.length === 0) break;
    const secrets = await secretsOf({ tools }, endpoint);
    const received = await Promise.all(due.map(async (delivery) => sendOne({ memory, tools }, endpoint, delivery, secrets)));
    const sent = received.filter(Boolean).length;
    counts.sent += sent;
    counts.failed += received.length - sent;
    if (sent < received.length) break;
  }
  const next = await memory.webhookEndpoints.settle(endpoint_id);
  const inMs = next === null ? Infinity : Math.max(0, next - tools.clock.now());
  return inMs <= NEAR_MS ? later(inMs) : counts;
};
