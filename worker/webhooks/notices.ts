import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import type { WebhookEndpoint } from "../../core/memory/webhook-endpoints.store.ts";
import type { Services } from "../services.ts";

const log = logger("webhooks");

const ENDPOINTS_A_SWEEP = 20;
const MOST_PEOPLE = 200;
const KEPT_MS = 30 * 86_400_000;
const FORGOTTEN_A_SWEEP = 2_000;

const REASONS = { failing: "For five days no message could be delivered to it.", gone: "It has answered 410 Gone: it wants no more messages.", asked: "Somebody has asked for it." } as const;

/** Names the host only: the rest of an address may be a secret of the receiver's. */
const letterOf = ({ url, disabled_why }: WebhookEndpoint) => ({
  subject: "A webhook endpoint was switched off",
  text: `Apex does not send to your webhook endpoint at ${new URL(url).host} any more. ${REASONS[disabled_why ?? "asked"]}\n\nWhat was waiting for it is kept for a month. Once it answers again, switch it on (PATCH /api/webhook-endpoints/{id} with {"enabled": true}), and what waited goes out.\n`,
});

type Tools = Pick<Services, "memory" | "mailer" | "clock">;

/** Tells the owners of each endpoint that the house has switched off, once: the mail service knows a repeat by its key. */
export const tellOfDisabledEndpoints = async ({ memory, mailer }: Tools): Promise<void> => {
  for (const { id, tenant_id } of await memory.housekeeping.untoldEndpoints(ENDPOINTS_A_SWEEP)) {
    const store = memory.for(tenant_id, systemActor("webhooks"));
    try {
      const endpoint = await store.webhookEndpoints.get(id);
      log.warn("webhook endpoint switched off", { tenant_id, endpoint_id: id, why: endpoint.disabled_why });
      if (mailer.configured) {
        const { items } = await store.members.list({ limit: MOST_PEOPLE });
        const owners = items.filter(({ role, email_verified_at }) => role === "owner" && email_verified_at !== null);
        for (const { id: userId, email } of owners) await mailer.send({ to: email, ...letterOf(endpoint), idempotency_key: `webhook-off:${id}:${endpoint.disabled_at ?? 0}:${userId}` });
      }
      await store.webhookEndpoints.told(id);
    } catch (error) {
      log.error("owners not told of a webhook endpoint; the next sweep will", { tenant_id, endpoint_id: id, error: describeError(error) });
    }
  }
};

/** A month after they were over. */
export const forgetDeliveries = async ({ memory, clock }: Tools): Promise<void> => memory.housekeeping.forgetDeliveries(clock.now() - KEPT_MS, FORGOTTEN_A_SWEEP);
