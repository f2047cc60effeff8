import { waitUntil } from "cloudflare:workers";
import { agents } from "../agents/registry.ts";
import { createClock } from "../core/clock.ts";
import { lineOf } from "../core/contact/line.ts";
import { createTwilioAccounts } from "../core/contact/twilio-accounts.ts";
import { createDnaEditor } from "../core/dna/editor.ts";
import { createDnaLoader } from "../core/dna/loader.ts";
import { describeError } from "../core/errors.ts";
import type { Progress } from "../core/kernel/agent.ts";
import { createDispatcher } from "../core/kernel/dispatcher.ts";
import { createJobs, type Enqueued, jobMessageSchema } from "../core/kernel/jobs.ts";
import { logger, reportErrors } from "../core/log.ts";
import { systemActor } from "../core/memory/actor.ts";
import type { Project } from "../core/memory/projects.store.ts";
import type { Run } from "../core/memory/runs.store.ts";
import { createBrandContext } from "../core/memory/context/brand-context.ts";
import type { VectorIndex } from "../core/memory/context/vector-index.ts";
import { createSimilarTexts } from "../core/memory/similar/similar-texts.ts";
import { countedDatabase } from "../core/memory/counted-database.ts";
import { createMemory, type TenantMemory } from "../core/memory/memory.ts";
import { createPageRenderer } from "../core/providers/browser/renderer.ts";
import { createImageResizer } from "../core/providers/browser/resize.ts";
import { createScreenshotTaker } from "../core/providers/browser/screenshot.ts";
import { createGeminiGateway } from "../core/providers/gemini/gateway.ts";
import { checkModel } from "../core/providers/gemini/health.ts";
import { MODELS } from "../core/providers/gemini/models.ts";
import { counting, inBrowser, notedRows, notedVendor } from "../core/observe/activity.ts";
import { createMeasure } from "../core/observe/measure.ts";
import { createSentry, parseDsn } from "../core/observe/sentry.ts";
import { createServiceCounts } from "../core/observe/service-counts.ts";
import { sleep } from "../core/wait.ts";
import { VENDOR_LIMITS } from "../core/providers/vendor-limits.data.ts";
import { createMailer } from "../core/providers/mail/mail.client.ts";
import { createOsmCache } from "../core/providers/osm/osm.cache.ts";
import { createGooglePlaces } from "../core/providers/google-places/google-places.client.ts";
import { createOsmClient } from "../core/providers/osm/osm.client.ts";
import { createOsmHttp } from "../core/providers/osm/osm.http.ts";
import { createRecordingsStore } from "../core/recordings/recordings.store.ts";
import { type CardAddress, sealCardLink } from "../core/security/card-link.ts";
import { createConsentGate } from "../core/security/consent/gate.ts";
import type { ContactLimiter } from "../core/security/consent/limiter.types.ts";
import { NO_CAPS, withCaps } from "../core/security/consent/policy.ts";
import { withTrust } from "../core/security/consent/trust.ts";
import { withWarnings } from "../core/security/consent/warnings.ts";
import { DEFAULT_PLAN, limitsOf, PLANS } from "../core/security/limits.ts";
import { createTxtLookup } from "../core/security/egress/txt.ts";
import { createEgress } from "../core/security/egress/egress.ts";
import { registerSecrets } from "../core/security/known-secrets.ts";
import { NO_SPEND_CAPS } from "../core/usage/budget.ts";
import { createMeteredGateway } from "../core/usage/metered-gateway.ts";
import { createVault } from "../core/security/vault.ts";
import { createBridgeCallClient } from "../durable/bridge-call/bridge-call.client.ts";
import { BridgeCallObject } from "../durable/bridge-call/bridge-call.object.ts";
import { createDialers } from "../durable/dialer/dialer.client.ts";
import { DialerObject } from "../durable/dialer/dialer.object.ts";
import { createLiveFeedClient } from "../durable/live-feed/live-feed.client.ts";
import { LiveFeedObject } from "../durable/live-feed/live-feed.object.ts";
import { createHostTurns } from "../durable/rate-limiter/host-turns.client.ts";
import { createRateLimiterClient } from "../durable/rate-limiter/rate-limiter.client.ts";
import { RateLimiterObject } from "../durable/rate-limiter/rate-limiter.object.ts";
import { createVendorPace } from "../durable/rate-limiter/vendor-pace.client.ts";
import { createRunProgressClient } from "../durable/run-progress/run-progress.client.ts";
import { RunProgressObject } from "../durable/run-progress/run-progress.object.ts";
import { createApp } from "./app.ts";
import { readSettings } from "./env.ts";
import { VERSION } from "./routes/health.routes.ts";
import { receiveMail } from "./mail-intake.ts";
import { createOriginOf, servesPages } from "./pages/edge.ts";
import { createPages } from "./pages/pages.ts";
import { liveSource } from "./live.ts";
import type { Services } from "./services.ts";
import { sweep } from "./sweep.ts";
import { createCouriers } from "./webhooks/couriers.ts";

/* The composition root: the only place that builds things from bindings. */

const log = logger("worker");
const HEALTH_TIMEOUT_MS = 2_000;

/** Built once for each environment that this isolate serves, however many objects live in it. */
const once = <T>(build: (env: Cloudflare.Env) => T): ((env: Cloudflare.Env) => T) => {
  const built = new WeakMap<object, { value: T }>();
  return (env) => {
    const known = built.get(env) ?? { value: build(env) };
    built.set(env, known);
    return known.value;
  };
};

/** The index that serves, and the one that is being filled to take over from it (docs/design/0008-brand-brain.md). */
const indexesOf = ({ VECTORIZE, VECTORIZE_NEXT }: { VECTORIZE: VectorIndex; VECTORIZE_NEXT?: VectorIndex }) => {
  const { embedding, embeddingNext } = MODELS;
  // Half a change of model would go unnoticed until the day of the switch.
  if ((VECTORIZE_NEXT === undefined) !== (embeddingNext === undefined)) throw new Error("Misconfigured: VECTORIZE_NEXT and MODELS.embeddingNext go together.");
  return {
    serving: { vectors: VECTORIZE, model: embedding },
    filling: VECTORIZE_NEXT && embeddingNext ? { vectors: VECTORIZE_NEXT, model: embeddingNext } : undefined,
  };
};

/** What both the edge and the objects stand on. */
const foundation = once((env) => {
  const settings = readSettings(env);
  registerSecrets([settings.APEX_JWT_SECRET, settings.APEX_KMS_KEY, settings.APEX_OPERATOR_SECRET, settings.TWILIO_AUTH_TOKEN, settings.GOOGLE_API_KEY, settings.GOOGLE_PLACES_API_KEY, settings.RESEND_API_KEY]);
  const clock = createClock(settings.APEX_CLOCK_OFFSET_S);
  const dsn = parseDsn(settings.SENTRY_DSN ?? "");
  // Sent behind whatever is being answered.
  if (dsn !== null) reportErrors(createSentry({ dsn, environment: settings.APEX_ENV, release: VERSION, server: new URL(settings.PUBLIC_API_URL).host, fetch: async (input, init) => fetch(input, init), now: Date.now }), waitUntil);
  const service = { account_sid: settings.TWILIO_ACCOUNT_SID, auth_token: settings.TWILIO_AUTH_TOKEN };
  const memory = createMemory({ d1: countedDatabase(env.DB, notedRows), clock });
  const vault = createVault(settings.APEX_KMS_KEY);
  const dialers = createDialers({ namespace: env.DIALER, serviceAccount: service.account_sid });
  const cardLink = (address: CardAddress): string => `${settings.PUBLIC_API_URL}/l/${sealCardLink(address, settings.APEX_JWT_SECRET, clock.now())}`;
  // A plan's caps are meant for strangers on the internet; a developer's machine has none.
  const isLocal = settings.APEX_ENV === "local";
  const planCaps = isLocal ? NO_CAPS : PLANS[DEFAULT_PLAN].contacts;
  const liveFeed = createLiveFeedClient({ namespace: env.LIVE_FEED });
  const rateLimiter = createRateLimiterClient({ namespace: env.RATE_LIMITER });
  const couriers = createCouriers({ memory, queue: env.BULK_JOBS, clock });
  const trustOf = async (store: TenantMemory) => store.destinations.trust({ needsAddress: settings.RESEND_API_KEY !== "" && settings.MAIL_FROM !== "" });
  const capsNear = async (tenant_id: string, caps: readonly string[]): Promise<void> => {
    log.warn("a cap on contacts is nearly met", { tenant_id, caps });
    const notes = caps.map((cap) => ({ action: "cap.warned", resource: `tenant:${tenant_id}`, details: { cap } }));
    await memory.for(tenant_id, systemActor("limiter")).audit.recordAll(notes).catch((error: unknown) => log.error("a warning was not written down", { tenant_id, caps, error: describeError(error) }));
  };
  const planLimiter = (tenantId: string) => withWarnings(withCaps(rateLimiter.for(tenantId), planCaps), async (caps) => capsNear(tenantId, caps));
  const limiterOf = (tenantId: string): ContactLimiter =>
    isLocal ? planLimiter(tenantId) : withTrust(planLimiter(tenantId), async () => trustOf(memory.for(tenantId, systemActor("trust"))), settings.UNVERIFIED_CONTACTS_PER_DAY);
  return {
    settings,
    clock,
    memory,
    vault,
    twilioAccounts: createTwilioAccounts({ memory, vault, service, baseUrl: settings.TWILIO_API_BASE_URL, fetch: counting("twilio", async (input, init) => fetch(input, init)) }),
    dialers,
    rateLimiter,
    liveFeed,
    couriers,
    /** Those who watch a project are told, and those who listen to the tenant. Never fails: the feed and the sweep look by themselves too. */
    changed: async ({ tenant_id, project_id }: { tenant_id: string; project_id: string | null }): Promise<void> => {
      const poke = async (project: string): Promise<void> => liveFeed.poke({ tenant_id, project_id: project }).catch((error: unknown) => log.warn("watchers not told at once", { tenant_id, project_id: project, error: describeError(error) }));
      await Promise.all([couriers.soon(tenant_id), ...(project_id === null ? [] : [poke(project_id)])]);
    },
    cardLink,
    gateOf: (memory: TenantMemory) => createConsentGate({ memory, limiter: limiterOf(memory.tenantId), clock }),
    trustOf,
    /** For codes that verify a phone: whoever has used up the few contacts of an unverified tenant must still be able to become a verified one. */
    verificationGateOf: (memory: TenantMemory) => createConsentGate({ memory, limiter: planLimiter(memory.tenantId), clock }),
    bridgeCalls: createBridgeCallClient({
      namespace: env.BRIDGE_CALL,
      dialers,
      limiterOf,
      clock,
      from: settings.TWILIO_PHONE_NUMBER,
      cardLink,
    }),
  };
});

const buildServices = (env: Cloudflare.Env): Services => {
  const { settings, clock, memory, vault, twilioAccounts, bridgeCalls, rateLimiter, liveFeed, couriers, changed, cardLink, gateOf, verificationGateOf, trustOf } = foundation(env);
  const gemini = { apiKey: settings.GOOGLE_API_KEY, baseUrl: settings.GEMINI_API_BASE_URL };
  const recordings = createRecordingsStore({ bucket: env.STORAGE });
  const runProgress = createRunProgressClient({ namespace: env.RUN_PROGRESS });
  const mailer = createMailer({ apiKey: settings.RESEND_API_KEY, baseUrl: settings.MAIL_API_BASE_URL, from: settings.MAIL_FROM, fetch: counting("mail", async (input, init) => fetch(input, init)) });
  if (!mailer.configured && settings.APEX_ENV === "production") log.warn("mail is not configured (RESEND_API_KEY, MAIL_FROM): no address can be confirmed, no password reset, nobody invited");
  const dna = createDnaLoader({ bucket: env.STORAGE });
  const dnaEditor = createDnaEditor({ bucket: env.STORAGE, loader: dna, clock });
  const egress = createEgress({ allowHosts: settings.EGRESS_ALLOW_HOSTS, dohUrl: settings.DOH_URL, fetch: async (input, init) => fetch(input, init) });
  const osmLimit = { every_ms: settings.OSM_INTERVAL_MS };
  // The browser's are Cloudflare's: a developer's own has none.
  const browserLimit = settings.APEX_ENV === "local" ? { every_ms: 0 } : {};
  const limits = { ...VENDOR_LIMITS, browser: { ...VENDOR_LIMITS.browser, ...browserLimit }, nominatim: { ...VENDOR_LIMITS.nominatim, ...osmLimit }, overpass: { ...VENDOR_LIMITS.overpass, ...osmLimit } };
  const vendors = createVendorPace({ namespace: env.RATE_LIMITER, limits, wait: sleep });
  const openPage = createPageRenderer({ binding: env.BROWSER, check: egress.check });
  const renderPage: typeof openPage = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => openPage(...asked)));
  const capsOf = settings.APEX_ENV === "local" ? () => NO_SPEND_CAPS : (plan: string) => limitsOf(plan).models;
  const gatewayOf = (tenantMemory: TenantMemory, projectId: string | null, runId: string | null) =>
    createMeteredGateway({ memory: tenantMemory, projectId, runId, connect: (onUsage) => createGeminiGateway({ ...gemini, onUsage: async (usage) => (notedVendor("gemini"), onUsage(usage)) }), capsOf, clock });
  const osmHttp = (service: "nominatim" | "overpass") => createOsmHttp({ pace: { turn: async () => vendors.pace(service), hold: async (ms) => vendors.hold(service, ms) }, userAgent: `Apex/0.1 (+${settings.PUBLIC_API_URL})`, fetch: async (input, init) => fetch(input, init) });
  const shoot = createScreenshotTaker({ binding: env.BROWSER });
  const takeScreenshot: typeof shoot = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => shoot(...asked)));
  const resizer = createImageResizer({ binding: env.BROWSER });
  const resizeImage: typeof resizer = async (...asked) => vendors.occupy("browser", async () => inBrowser(async () => resizer(...asked)));
  const osm = createOsmClient({ nominatim: osmHttp("nominatim"), overpass: osmHttp("overpass"), urls: { nominatim: settings.NOMINATIM_API_URL, overpass: settings.OVERPASS_API_URL }, cache: createOsmCache({ bucket: env.STORAGE, clock }) });
  const places = settings.GOOGLE_PLACES_API_KEY === "" ? null : createGooglePlaces({ baseUrl: settings.GOOGLE_PLACES_API_URL, apiKey: settings.GOOGLE_PLACES_API_KEY, fetch: async (input, init) => fetch(input, init) });
  const hosting = { suffix: settings.PAGES_HOST_SUFFIX === "" ? null : settings.PAGES_HOST_SUFFIX, originOf: createOriginOf(settings) };
  const indexes = indexesOf(env);
  const contextOf = (tenantMemory: TenantMemory) => createBrandContext({ memory: tenantMemory, gatewayOf: (projectId) => gatewayOf(tenantMemory, projectId, null), ...indexes });
  const similarOf = (tenantMemory: TenantMemory) => createSimilarTexts({ memory: tenantMemory, gatewayOf: (projectId) => gatewayOf(tenantMemory, projectId, null), ...indexes });
  const enqueue = async (run: Enqueued, delayMs?: number): Promise<void> => jobs.enqueue(run, delayMs);
  const tools = {
    hosting, clock, bridgeCalls, recordings, vault, egress, renderPage, takeScreenshot, resizeImage, dna, dnaEditor, gatewayOf, contextOf, similarOf, gateOf, cardLink, enqueue, osm, places,
    pace: vendors.pace,
    openCouriers: couriers.open,
    random: Math.random,
    twilioOf: twilioAccounts.of,
    storage: env.STORAGE,
    turnAt: createHostTurns({ namespace: env.RATE_LIMITER }),
    searchConsole: { baseUrl: settings.SEARCH_CONSOLE_API_BASE_URL, tokenUrl: settings.GOOGLE_TOKEN_URL, fetch: async (input: string, init: RequestInit) => fetch(input, init) },
    forgetContact: async (tenantId: string, phone: string) => rateLimiter.for(tenantId).forget(phone),
    lineOf: (project: Project) => lineOf(project) ?? { from: settings.TWILIO_PHONE_NUMBER, account_sid: null },
    publicUrl: settings.PUBLIC_API_URL,
  };
  const measure = createMeasure(env.METRICS);
  const report = async (run: Pick<Run, "id" | "tenant_id" | "project_id" | "attempts">, progress: Progress): Promise<void> => {
    await runProgress.report(run, progress);
    if (await memory.for(run.tenant_id, systemActor("jobs", run.id)).runs.noteProgress(run, progress)) waitUntil(changed(run));
  };
  const dispatcher = createDispatcher({ agents, dna, tools, clock, report, random: Math.random });
  const jobs = createJobs({ memory, queues: { urgent: env.JOBS, bulk: env.BULK_JOBS }, dispatcher, clock, measure, changed: (run) => waitUntil(changed(run)) });
  return {
    settings,
    clock,
    memory,
    dna,
    dnaEditor,
    contextOf,
    storage: env.STORAGE,
    hosting,
    vault,
    egress,
    lookUpTxt: createTxtLookup({ dohUrl: settings.DOH_URL, fetch: async (input, init) => fetch(input, init) }),
    dispatcher,
    jobs,
    bridgeCalls,
    recordings,
    runProgress,
    liveFeed,
    couriers,
    rateLimiter,
    twilioAccounts,
    verificationGateOf,
    trustOf,
    mailer,
    spendCapsOf: capsOf,
    measure,
    // Real time, as durations are.
    serviceCounts: createServiceCounts({ add: async (counts) => memory.operations.add(counts), now: Date.now }),
    sendAlert: async (input, init) => fetch(input, init),
    sendAlertSms: async (phone, body) => {
      await twilioAccounts.service.sendMessage({ to: phone, from: settings.TWILIO_PHONE_NUMBER, body });
    },
    checkModel: async () => (await checkModel({ ...gemini, timeoutMs: HEALTH_TIMEOUT_MS })).ok,
    vectors: env.VECTORIZE,
  };
};

/** The DNA cache lives as long. */
const servicesOf = once(buildServices);

export class BridgeCall extends BridgeCallObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { settings, memory, gateOf, clock, twilioAccounts, dialers, changed } = foundation(env);
    super(ctx, env, { clock, twilioOf: twilioAccounts.of, dialers, gate: gateOf, memory: (tenantId, requestId) => memory.for(tenantId, systemActor("bridge-call", requestId)), publicUrl: settings.PUBLIC_API_URL, changed });
  }
}

export class Dialer extends DialerObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { clock, settings, bridgeCalls } = foundation(env);
    super(ctx, env, { clock, callsPerSecond: settings.TWILIO_CALLS_PER_SECOND, notify: async (holder, phone) => bridgeCalls.granted(holder, phone) });
  }
}

export class LiveFeed extends LiveFeedObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    const { clock, memory } = foundation(env);
    super(ctx, env, { clock, sourceOf: ({ tenant_id, project_id }) => liveSource(memory.for(tenant_id, systemActor("live-feed")), project_id, clock) });
  }
}

export class RunProgress extends RunProgressObject {}

export class RateLimiter extends RateLimiterObject {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env, { clock: foundation(env).clock });
  }
}

const app = createApp(servicesOf);
const pages = createPages(servicesOf);

/** Settings that cannot be read are the API's to tell. */
const isForPages = (request: Request, env: Cloudflare.Env): boolean => {
  try {
    return servesPages(foundation(env).settings, new URL(request.url));
  } catch {
    return false;
  }
};

export default {
  async fetch(request, env, ctx) {
    return isForPages(request, env) ? pages.fetch(request, env, ctx) : app.fetch(request, env, ctx);
  },

  async scheduled(_controller, env) {
    await sweep(servicesOf(env));
  },

  async email(message, env) {
    await receiveMail(servicesOf(env), message);
  },

  /** Each message is parsed, claimed, run and acknowledged on its own: a bad one cannot hold up its batch. */
  async queue(batch, env) {
    const { jobs } = servicesOf(env);
    await Promise.all(
      batch.messages.map(async (message) => {
        const job = jobMessageSchema.safeParse(message.body);
        try {
          if (job.success) await jobs.execute(job.data);
          else log.error("a message that names no run", { message_id: message.id });
          message.ack();
        } catch (error) {
          log.error("job not executed", { message_id: message.id, error: describeError(error) });
          message.retry({ delaySeconds: 10 });
        }
      }),
    );
  },
} satisfies ExportedHandler<Cloudflare.Env>;
