import type { Clock } from "../core/clock.ts";
import type { ContextKeeper } from "../core/memory/context/brand-context.ts";
import type { StorageBucket } from "../core/memory/tenant-storage.ts";
import type { GeminiGateway } from "../core/providers/gemini/gateway.ts";
import type { TwilioClient } from "../core/providers/twilio/twilio.client.ts";
import type { TenantMemory } from "../core/memory/memory.ts";
import type { ConsentGate } from "../core/security/consent/consent.types.ts";
import type { RecordingsStore } from "../core/recordings/recordings.store.ts";
import type { BridgeCallClient } from "../durable/bridge-call/bridge-call.client.ts";

/** What agents may reach. The composition root hands it over; no agent sees `env`. */
export interface AgentTools {
  clock: Clock;
  bridgeCalls: BridgeCallClient;
  twilio: TwilioClient;
  gateway: GeminiGateway;
  recordings: RecordingsStore;
  /** The consent gate of a tenant: asked before anybody is contacted. */
  gateOf: (memory: TenantMemory) => ConsentGate;
  /** What a tenant knows, searchable by meaning. */
  contextOf: (memory: TenantMemory) => ContextKeeper;
  storage: StorageBucket;
  /** Takes a phone (E.164) out of what the tenant's caps remember. */
  forgetContact: (tenantId: string, phone: string) => Promise<void>;
  /** The number that texts come from. */
  from: string;
  publicUrl: string;
  /** Where a lead can be looked at without a login. */
  cardLink: (address: { tenant_id: string; lead_id: string }) => string;
  /** Queues a run that is written down. Best effort: what the queue does not take, the sweep finds. */
  enqueue: (run: { id: string; tenant_id: string }, delayMs?: number) => Promise<void>;
}
