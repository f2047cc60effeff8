import type { Clock } from "../core/clock.ts";
import type { DnaEditor } from "../core/dna/editor.ts";
import type { DnaLoader } from "../core/dna/loader.ts";
import type { Dispatcher } from "../core/kernel/dispatcher.ts";
import type { Jobs } from "../core/kernel/jobs.ts";
import type { ContextKeeper } from "../core/memory/context/brand-context.ts";
import type { Backups } from "../core/memory/backup/backups.ts";
import type { Memory, TenantMemory } from "../core/memory/memory.ts";
import type { TwilioAccounts } from "../core/contact/twilio-accounts.ts";
import type { RecordingsStore } from "../core/recordings/recordings.store.ts";
import type { TxtLookup } from "../core/security/egress/txt.ts";
import type { Egress } from "../core/security/egress/egress.ts";
import type { Trust } from "../core/security/consent/trust.ts";
import type { ConsentGate } from "../core/security/consent/consent.types.ts";
import type { Vault } from "../core/security/vault.ts";
import type { Caller } from "../core/memory/identity.directory.ts";
import type { SpendCaps } from "../core/usage/usage.types.ts";
import type { Measure } from "../core/observe/measure.ts";
import type { ServiceCountsOf } from "../core/observe/service-counts.ts";
import type { Mailer } from "../core/providers/mail/mail.client.ts";
import type { Scope } from "../core/security/scopes.ts";
import type { BridgeCallClient } from "../durable/bridge-call/bridge-call.client.ts";
import type { LiveFeedClient } from "../durable/live-feed/live-feed.client.ts";
import type { RateLimiterClient } from "../durable/rate-limiter/rate-limiter.client.ts";
import type { Unjudged } from "../durable/rate-limiter/unjudged.client.ts";
import type { RunProgressClient } from "../durable/run-progress/run-progress.client.ts";
import type { Hosting } from "../agents/pseo/hosted/hosting.ts";
import type { Announce } from "./announcer.ts";
import type { Settings } from "./env.ts";
import type { Doors } from "./intake.ts";
import type { Couriers } from "./webhooks/couriers.ts";

/** What the composition root built, for routes to use. */
export interface Services {
  settings: Settings;
  clock: Clock;
  memory: Memory;
  /** Webhooks that this isolate has taken leads by. */
  webhookDoors: Doors;
  dna: DnaLoader;
  dnaEditor: DnaEditor;
  contextOf: (memory: TenantMemory) => ContextKeeper;
  storage: R2Bucket;
  backups: Backups;
  hosting: Hosting;
  vault: Vault;
  egress: Egress;
  lookUpTxt: TxtLookup;
  dispatcher: Pick<Dispatcher, "resolve" | "scopesOf" | "isInternal" | "check">;
  jobs: Jobs;
  bridgeCalls: BridgeCallClient;
  recordings: RecordingsStore;
  runProgress: RunProgressClient;
  liveFeed: LiveFeedClient;
  couriers: Couriers;
  changed: Announce;
  rateLimiter: RateLimiterClient;
  twilioAccounts: TwilioAccounts;
  verificationGateOf: (memory: TenantMemory) => ConsentGate;
  trustOf: (memory: TenantMemory) => Promise<Trust>;
  mailer: Mailer;
  /** What a tenant of a plan may spend on models. */
  spendCapsOf: (plan: string) => SpendCaps;
  /** Writes a request or job to the metrics. */
  measure: Measure;
  serviceCounts: ServiceCountsOf;
  /** To the operator's own webhook. */
  sendAlert: typeof globalThis.fetch;
  /** A text to the operator's own phone, from the service's number: no customer's consent or cap has a part in it. */
  sendAlertSms: (phone: string, body: string) => Promise<void>;
  unjudged: Unjudged;
  checkModel: () => Promise<boolean>;
  vectors: Pick<VectorizeIndex, "describe">;
}

/** Who is calling, once the token was checked: a person by a session of theirs, or a key that they made. */
export interface Principal extends Caller {
  kind: "user" | "key";
  /** `user:…` or `key:…`, as the audit log names them. */
  actor: string;
  /** Null for a key. */
  session_id: string | null;
  scopes: readonly Scope[];
}

export interface AppEnv {
  Bindings: Cloudflare.Env;
  Variables: { services: Services; requestId: string; principal: Principal; twilioAccount: string | null };
}
