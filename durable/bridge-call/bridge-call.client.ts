import type { Dna } from "../../core/dna/schema.ts";
import { randomToken } from "../../core/ids.ts";
import type { Channel } from "../../core/memory/opt-outs.store.ts";
import type { TwilioSids } from "../../core/providers/twilio/sids.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { DialerClient } from "../dialer/dialer.client.ts";
import type { BridgeCallObject } from "./bridge-call.object.ts";
import type { CallEvent } from "./bridge-call.types.ts";
import { LEASE_MS } from "./effects.ts";
import { type LeadToCall, planCall } from "./plan.ts";

export interface CallAddress {
  tenant_id: string;
  project_id: string;
  call_id: string;
}

export interface NewBridgeCall {
  call_id: string;
  tenant_id: string;
  project_id: string;
  received_at: number;
  lead: LeadToCall;
  dna: Dna;
}

/** A phone that is held for a call which is about to be stored. */
export interface Reservation {
  phone: string;
}

/** One object holds the calls of one project (docs/design/decisions/0006). */
export const objectName = (address: Pick<CallAddress, "tenant_id" | "project_id">): string => `${address.tenant_id}/${address.project_id}`;

/** The typed way to a project's calls for the rest of the house. */
export const createBridgeCallClient = ({ namespace, dialer, from }: { namespace: DurableObjectNamespace<BridgeCallObject>; dialer: DialerClient; from: string }) => {
  const stub = (address: Omit<CallAddress, "call_id">) => namespace.getByName(objectName(address));
  return {
    /**
     * Begins what does not depend on the lead being stored: the object comes to life, and the dialer is asked for the owner's
     * phone. Null when it is not to be had just now; then the call asks for itself, as any call does.
     */
    async reserve(call: CallAddress & { received_at: number }, phones: string[]): Promise<Reservation | null> {
      const [lease] = await Promise.all([dialer.acquire({ holder: call, phones, received_at: call.received_at, ttl_ms: LEASE_MS }), stub(call).warm()]);
      return lease.granted ? { phone: lease.phone } : null;
    },
    /** There will be no such call. */
    async withdraw(call: CallAddress): Promise<void> {
      await dialer.release(call);
    },
    /** Hands the duty over; returns once the object has stored it. Safe to repeat. */
    async start(call: NewBridgeCall, head: { reservation: Reservation; opted_out: { phone: string; channel: Channel }[] } | null = null): Promise<void> {
      const headStart = head && { phone: head.reservation.phone, nonce: randomToken(12), opted_out: head.opted_out };
      await stub(call).start(planCall({ ...call, from }), headStart);
    },
    /** @returns what to tell Twilio; null for a call that the object does not know */
    async handle(address: CallAddress, event: CallEvent): Promise<VoiceReply | null> {
      return stub(address).handle(address.call_id, event);
    },
    /** @returns false when the object has never heard of the call: it must be started */
    async poke(address: CallAddress): Promise<boolean> {
      return stub(address).poke(address.call_id);
    },
    /** Every leg, recording and text of the call that the object knows of; none for a call that it does not know. */
    async sids(address: CallAddress): Promise<TwilioSids> {
      return stub(address).sids(address.call_id);
    },
    /** Erases the call: what is under way is hung up, and nothing of it is kept. Safe to repeat. */
    async forget(address: CallAddress): Promise<void> {
      await stub(address).forget(address.call_id);
    },
    /** @returns whether the call took the lease */
    async granted(address: CallAddress, phone: string, nonce: string): Promise<boolean> {
      return stub(address).granted(address.call_id, phone, nonce);
    },
  };
};

export type BridgeCallClient = ReturnType<typeof createBridgeCallClient>;
