import type { Clock } from "../core/clock.ts";
import type { StorageBucket } from "../core/memory/tenant-storage.ts";
import type { GeminiGateway } from "../core/providers/gemini/gateway.ts";
import type { TwilioClient } from "../core/providers/twilio/twilio.client.ts";
import type { RecordingsStore } from "../core/recordings/recordings.store.ts";
import type { BridgeCallClient } from "../durable/bridge-call/bridge-call.client.ts";

/** What agents may reach. The composition root hands it over; no agent sees `env`. */
export interface AgentTools {
  clock: Clock;
  bridgeCalls: BridgeCallClient;
  twilio: TwilioClient;
  gateway: GeminiGateway;
  recordings: RecordingsStore;
  storage: StorageBucket;
  /** The number that texts come from. */
  from: string;
  publicUrl: string;
}
