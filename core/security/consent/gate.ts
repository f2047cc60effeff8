import type { Clock } from "../../clock.ts";
import { describeError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { TenantMemory } from "../../memory/memory.ts";
import type { ConsentGate, ContactRequest, Verdict } from "./consent.types.ts";
import { judge, reservationFor } from "./judge.ts";
import type { ContactLimiter, ReservationAnswer } from "./limiter.types.ts";

const log = logger("consent");

const ACTIONS = { yes: "contact.allowed", no: "contact.refused", not_before: "contact.put_off" } as const;

/** A verdict as the audit keeps it. Ids and reasons, never a phone or a text. */
export const verdictRecord = (
  request: ContactRequest,
  verdict: Verdict,
  { limiterReached }: { limiterReached: boolean },
): { action: (typeof ACTIONS)[Verdict["answer"]]; resource: string; details: Record<string, unknown> } => ({
  action: ACTIONS[verdict.answer],
  resource: request.resource,
  details: {
    channel: request.channel,
    purpose: request.purpose,
    party: request.party,
    attempt_id: request.attempt_id,
    ...(verdict.answer === "yes" ? {} : { reason: verdict.reason }),
    ...(verdict.answer === "not_before" ? { at: verdict.at } : {}),
    ...(limiterReached ? {} : { limiter: "unreachable" }),
  },
});

export interface GateTools {
  memory: Pick<TenantMemory, "optOuts" | "audit" | "tenantId">;
  limiter: ContactLimiter;
  clock: Clock;
}

/**
 * The gate of one tenant: one read, the judgement, the reservation, one audit row. What costs nothing is judged first, so that
 * a refusal reserves nothing; a reservation whose contact is refused after all is given back.
 */
export const createConsentGate = ({ memory, limiter, clock }: GateTools): ConsentGate => {
  /** A limiter that cannot be reached holds nobody up: no lead is lost for a cap. */
  const reserve = async (request: ContactRequest): Promise<ReservationAnswer | null> => {
    try {
      return await limiter.reserve(reservationFor(request));
    } catch (error) {
      log.error("the rate limiter could not be reached; the contact passes without caps", { tenant_id: memory.tenantId, attempt_id: request.attempt_id, error: describeError(error) });
      return null;
    }
  };

  const giveBack = async (attemptId: string): Promise<void> => {
    try {
      await limiter.release(attemptId);
    } catch (error) {
      // One contact too many is counted, which harms less than a verdict that is never given.
      log.error("a reservation could not be given back", { tenant_id: memory.tenantId, attempt_id: attemptId, error: describeError(error) });
    }
  };

  return {
    async ask(request) {
      const facts = await memory.optOuts.standing([request.phone]);
      const unreserved = judge(request, { ...facts, reservation: null }, clock.now());
      const reservation = unreserved.answer === "yes" ? await reserve(request) : null;
      const verdict = reservation === null ? unreserved : judge(request, { ...facts, reservation }, clock.now());
      if (verdict.answer !== "yes" && reservation?.reserved === true) await giveBack(request.attempt_id);
      const { action, resource, details } = verdictRecord(request, verdict, { limiterReached: unreserved.answer !== "yes" || reservation !== null });
      await memory.audit.record(action, resource, details);
      return verdict;
    },
  };
};
