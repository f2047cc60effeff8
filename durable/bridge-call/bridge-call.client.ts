import type { Clock } from "../../core/clock.ts";
import type { Line } from "../../core/contact/line.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { notSignedBy } from "../../core/providers/twilio/signature.ts";
import { randomToken } from "../../core/ids.ts";
import type { Suppression } from "../../core/memory/opt-outs.store.ts";
import type { TwilioSids } from "../../core/providers/twilio/sids.ts";
import type { VoiceReply } from "../../core/providers/twilio/twiml.ts";
import type { ContactLimiter } from "../../core/security/consent/limiter.types.ts";
import type { Dialers } from "../dialer/dialer.client.ts";
import type { LeaseHolder } from "../dialer/dialer.types.ts";
import type { BridgeCallObject } from "./bridge-call.object.ts";
import type { ForeignAccount } from "./bridge-call.types.ts";
import type { CallEvent, EventOf } from "./event.types.ts";
import type { HeadStart } from "./head-start.schema.ts";
import type { Plan } from "./plan.schema.ts";
import { holderOf, LEASE_MS, releaseFirst, reserveFirst } from "./clearance.ts";
import { type LeadToCall, type LeadToTell, planCall, planInbound } from "./plan.ts";
import type { FixedDocument } from "./bridge-call.reply.ts";
import { peopleNow } from "./reach.ts";

export interface CallAddress {
  tenant_id: string;
  project_id: string;
  call_id: string;
}

export interface NewCall extends CallAddress {
  received_at: number;
  /** When the customer asked for this call; null when they did not. */
  asked_at: number | null;
  /** Where it goes out, or came in; null: by the service's own number. */
  line: Line | null;
  dna: Dna;
}

export interface NewBridgeCall extends NewCall {
  lead: LeadToCall;
}

export interface NewInboundCall extends NewCall {
  lead: LeadToTell;
  /** Whether a missed call is answered by a text. */
  textBack: boolean;
  /** Nobody is rung, and a message is taken. */
  messageOnly: boolean;
}

/** A phone that is held for a call which is about to be stored. */
export type Reservation = Pick<HeadStart, "phone" | "reservations">;

export interface BridgeCallClientTools {
  namespace: DurableObjectNamespace<BridgeCallObject>;
  dialers: Dialers;
  limiterOf: (tenantId: string) => Pick<ContactLimiter, "reserve" | "release">;
  clock: Clock;
  /** The service's own number. */
  from: string;
  /** Where a lead can be looked at without a login. */
  cardLink: (address: { tenant_id: string; lead_id: string }) => string;
}

/** One object holds the calls of one project (docs/design/decisions/0006). */
export const objectName = (address: Pick<CallAddress, "tenant_id" | "project_id">): string => `${address.tenant_id}/${address.project_id}`;

const unlessForeign = (reply: VoiceReply | null | ForeignAccount): VoiceReply | null => {
  if (reply === "foreign_account") throw notSignedBy();
  return reply;
};

/** The typed way to a project's calls for the rest of the house. */
export const createBridgeCallClient = ({ namespace, dialers, limiterOf, clock, from, cardLink }: BridgeCallClientTools) => {
  const stub = (address: Omit<CallAddress, "call_id">) => namespace.getByName(objectName(address));
  const own = (call: NewCall, leadId: string) => ({ ...call, line: call.line ?? { from, account_sid: null }, link: cardLink({ tenant_id: call.tenant_id, lead_id: leadId }) });

  return {
    /** All that a call will do, from lead and DNA. */
    plan: (call: NewBridgeCall): Plan => planCall({ ...own(call, call.lead.id), lead: call.lead }),

    /**
     * Begins what does not depend on the lead being stored: the object comes to life, and the dialer is asked for the phone of
     * whoever is first. Null when it is not to be had just now, or nobody works; then the call asks for itself, as any call does.
     */
    async reserve(plan: Plan): Promise<Reservation | null> {
      const people = (turn: number): string[] => peopleNow(plan, turn, clock.now()).map((person) => person.phone);
      const ask = async (phones: string[]): Promise<Reservation | null> => {
        const [first] = phones;
        if (first === undefined) return null;
        const each = plan.strategy === "simultaneous";
        const lease = await dialers.of(plan).acquire({ holder: { ...holderOf(plan), ...(each ? { slot: first } : {}) }, phones: each ? [first] : phones, received_at: plan.received_at, ttl_ms: LEASE_MS });
        return lease.granted ? { phone: lease.phone, reservations: await reserveFirst(limiterOf(plan.tenant_id), plan, lease.phone) } : null;
      };
      if (plan.strategy === "round_robin") return ask(people(await stub(plan).warm()));
      const [reservation] = await Promise.all([ask(people(0)), stub(plan).warm()]);
      return reservation;
    },

    /** There will be no such call. */
    async withdraw(plan: Plan): Promise<void> {
      await Promise.all([dialers.of(plan).release(holderOf(plan)), releaseFirst(limiterOf(plan.tenant_id), plan)]);
    },

    /** Hands the duty over; returns once the object has stored it. Safe to repeat. */
    async start(plan: Plan, head: { reservation: Reservation; suppressed: Suppression[] } | null = null): Promise<void> {
      await stub(plan).start(plan, head && { ...head.reservation, nonce: randomToken(12), suppressed: head.suppressed });
    },

    /** A customer calls. People whose phones are busy with another lead are rung last. */
    async startInbound(call: NewInboundCall, caller: { sid: string }): Promise<VoiceReply> {
      const plan = planInbound({ ...own(call, call.lead.id), lead: call.lead, textBack: call.textBack, messageOnly: call.messageOnly });
      const busy = new Set(await dialers.of(plan).busyAmong(plan.destinations.map((person) => person.phone)).catch(() => []));
      const destinations = plan.destinations.toSorted((a, b) => Number(busy.has(a.phone)) - Number(busy.has(b.phone)));
      return stub(plan).startInbound({ ...plan, destinations }, { sid: caller.sid, nonce: randomToken(12) });
    },

    /** Somebody of the business calls the business's number: they are offered this lead on the line that is there. */
    async ownerCalledIn(plan: Plan, event: Omit<EventOf<"owner_called_in">, "type" | "nonce">): Promise<VoiceReply | null> {
      // The same call that Twilio tells of again is the same attempt.
      return stub(plan).ownerCalledIn(plan, { type: "owner_called_in", nonce: event.sid, ...event });
    },

    /** @returns what to tell Twilio; null for a call that the object does not know */
    async handle(address: CallAddress, event: CallEvent): Promise<VoiceReply | null> {
      return stub(address).handle(address.call_id, event);
    },

    /**
     * The same for what Twilio says of it.
     * @param accountSid whose signature the request bears; null: the service's own account's
     * @throws AppError 403 when the call was made with another account; nothing changes
     */
    async callback(address: CallAddress, accountSid: string | null, event: CallEvent): Promise<VoiceReply | null> {
      return unlessForeign(await stub(address).callback(address.call_id, accountSid, event));
    },

    /** A document of the call that no event goes with. @throws as `callback` */
    async say(address: CallAddress, accountSid: string | null, what: FixedDocument): Promise<VoiceReply | null> {
      return unlessForeign(await stub(address).say(address.call_id, accountSid, what));
    },

    /** What waits to be rung has become an emergency, of which the customer told us at `askedAt`: it rings now. One that is rung, or over, stays as it is. */
    async emergency(address: CallAddress, askedAt: number): Promise<void> {
      await stub(address).emergency(address.call_id, askedAt);
    },

    /** The customer is being spoken to by another way (`by`): the call stops, unless it is a conversation already. */
    async contacted(address: CallAddress, by: string): Promise<void> {
      await stub(address).contacted(address.call_id, by);
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
    /** Lets go of a call that a restored database shows to a person. Safe to repeat. */
    async giveUp(address: CallAddress): Promise<void> {
      await stub(address).giveUp(address.call_id);
    },
    /** @returns whether the call still wants the lease */
    async granted(holder: LeaseHolder, phone: string): Promise<boolean> {
      return stub(holder).granted(holder.call_id, phone);
    },
  };
};

export type BridgeCallClient = ReturnType<typeof createBridgeCallClient>;
