import type { Dna } from "../../core/dna/schema.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { BridgeCallObject } from "./bridge-call.object.ts";
import type { CallEvent } from "./bridge-call.types.ts";
import { type LeadToCall, planCall } from "./plan.ts";

export interface CallAddress {
  tenant_id: string;
  lead_id: string;
  call_id: string;
}

/** The typed way to a lead's call object for the rest of the house. */
export const createBridgeCallClient = ({ namespace, from }: { namespace: DurableObjectNamespace<BridgeCallObject>; from: string }) => {
  const stub = (address: Omit<CallAddress, "call_id">) => namespace.getByName(`${address.tenant_id}/${address.lead_id}`);
  return {
    /** Hands the duty over; returns once the object has stored it. Safe to repeat. */
    async start(input: { call_id: string; tenant_id: string; project_id: string; received_at: number; lead: LeadToCall; dna: Dna }): Promise<void> {
      await stub({ tenant_id: input.tenant_id, lead_id: input.lead.id }).start(planCall({ ...input, from }));
    },
    /** @returns what to tell Twilio; null for a call that the object does not know */
    async handle(address: CallAddress, event: CallEvent): Promise<VoiceReply | null> {
      return stub(address).handle(address.call_id, event);
    },
    /** @returns false when the object has never heard of the call: it must be started */
    async poke(address: CallAddress): Promise<boolean> {
      return stub(address).poke(address.call_id);
    },
    /** @returns whether the call took the lease */
    async granted(address: CallAddress, phone: string, nonce: string): Promise<boolean> {
      return stub(address).granted(address.call_id, phone, nonce);
    },
  };
};

export type BridgeCallClient = ReturnType<typeof createBridgeCallClient>;
