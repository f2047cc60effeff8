import { waitUntil } from "cloudflare:workers";
import { createClock } from "../../core/clock.ts";
import { createTwilioAccounts } from "../../core/contact/twilio-accounts.ts";
import { reportErrors } from "../../core/log.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { counting, nobodyWaits } from "../../core/observe/activity.ts";
import { createSentry, parseDsn } from "../../core/observe/sentry.ts";
import { type CardAddress, sealCardLink } from "../../core/security/card-link.ts";
import { registerSecrets } from "../../core/security/known-secrets.ts";
import { createVault } from "../../core/security/vault.ts";
import { createBridgeCallClient } from "../../durable/bridge-call/bridge-call.client.ts";
import { createDialers } from "../../durable/dialer/dialer.client.ts";
import { createLiveFeedClient } from "../../durable/live-feed/live-feed.client.ts";
import { createRateLimiterClient } from "../../durable/rate-limiter/rate-limiter.client.ts";
import { createAnnouncer } from "../announcer.ts";
import { readSettings } from "../env.ts";
import { buildOf } from "../routes/health.routes.ts";
import { createCouriers } from "../webhooks/couriers.ts";
import { databasesOf, objectsOf } from "./bindings.ts";
import { createContactGates } from "./contact-gates.ts";
import { once } from "./once.ts";
import { vendorPaceOf } from "./vendor-pace.ts";

/** What both the edge and the objects stand on. */
export const foundation = once((env) => {
  const settings = readSettings(env);
  registerSecrets([settings.APEX_JWT_SECRET, settings.APEX_KMS_KEY, settings.APEX_OPERATOR_SECRET, settings.TWILIO_AUTH_TOKEN, settings.GOOGLE_API_KEY, settings.GOOGLE_PLACES_API_KEY, settings.RESEND_API_KEY, settings.HEARTBEAT_URL]);
  const clock = createClock(settings.APEX_CLOCK_OFFSET_S);
  const objects = objectsOf(env, settings);
  const dsn = parseDsn(settings.SENTRY_DSN ?? "");
  // Sent behind whatever is being answered.
  if (dsn !== null) reportErrors(createSentry({ dsn, environment: settings.APEX_ENV, release: buildOf(settings), server: new URL(settings.PUBLIC_API_URL).host, fetch: async (input, init) => fetch(input, init), now: Date.now }), waitUntil);
  const service = { account_sid: settings.TWILIO_ACCOUNT_SID, auth_token: settings.TWILIO_AUTH_TOKEN };
  const memory = createMemory({ databases: databasesOf(env), clock });
  const vault = createVault(settings.APEX_KMS_KEY);
  const dialers = createDialers({ namespace: objects.dialers, serviceAccount: service.account_sid });
  const cardLink = (address: CardAddress): string => `${settings.PUBLIC_API_URL}/l/${sealCardLink(address, settings.APEX_JWT_SECRET, clock.now())}`;
  const liveFeed = createLiveFeedClient({ namespace: objects.liveFeeds });
  const rateLimiter = createRateLimiterClient({ namespace: objects.rateLimiters });
  const couriers = createCouriers({ memory, queue: env.JOBS, clock });
  const vendors = vendorPaceOf(settings, objects);
  const gates = createContactGates({ settings, memory, clock, rateLimiter });
  return {
    settings,
    clock,
    objects,
    memory,
    vault,
    vendors,
    twilioAccounts: createTwilioAccounts({
      memory, vault, service,
      baseUrl: settings.TWILIO_API_BASE_URL,
      fetch: counting("twilio", async (input, init) => fetch(input, init)),
      admitText: async (send) => vendors.occupy("twilio_messages", send, { givesWay: nobodyWaits() }),
    }),
    dialers,
    rateLimiter,
    liveFeed,
    couriers,
    changed: createAnnouncer({ liveFeed, couriers }),
    cardLink,
    gateOf: gates.gateOf,
    trustOf: gates.trustOf,
    verificationGateOf: gates.verificationGateOf,
    bridgeCalls: createBridgeCallClient({
      namespace: objects.bridgeCalls,
      dialers,
      limiterOf: gates.limiterOf,
      clock,
      from: settings.TWILIO_PHONE_NUMBER,
      cardLink,
    }),
  };
});
