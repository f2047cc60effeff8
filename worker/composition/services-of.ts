import { waitUntil } from "cloudflare:workers";
import { agents } from "../../agents/registry.ts";
import { lineOf } from "../../core/contact/line.ts";
import { createDnaEditor } from "../../core/dna/editor.ts";
import { createDnaLoader } from "../../core/dna/loader.ts";
import type { Progress } from "../../core/kernel/agent.ts";
import { createDispatcher } from "../../core/kernel/dispatcher.ts";
import { createJobs, type Enqueued } from "../../core/kernel/jobs.ts";
import { logger } from "../../core/log.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createErasedMarks } from "../../core/memory/backup/erased.ts";
import { createBrandContext } from "../../core/memory/context/brand-context.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { Project } from "../../core/memory/projects.store.ts";
import type { Run } from "../../core/memory/runs.store.ts";
import { createSimilarTexts } from "../../core/memory/similar/similar-texts.ts";
import { counting, notedVendor } from "../../core/observe/activity.ts";
import { createMeasure } from "../../core/observe/measure.ts";
import { createServiceCounts } from "../../core/observe/service-counts.ts";
import { createGeminiGateway, type UsageNote } from "../../core/providers/gemini/gateway.ts";
import { checkModel } from "../../core/providers/gemini/health.ts";
import { createMailer } from "../../core/providers/mail/mail.client.ts";
import { createRecordingsStore } from "../../core/recordings/recordings.store.ts";
import { createEgress } from "../../core/security/egress/egress.ts";
import { createTxtLookup } from "../../core/security/egress/txt.ts";
import { limitsOf } from "../../core/security/limits.ts";
import { NO_SPEND_CAPS } from "../../core/usage/budget.ts";
import { createModelCallNotes } from "../../core/usage/model-calls.ts";
import { createMeteredGateway } from "../../core/usage/metered-gateway.ts";
import { createUnjudged } from "../../durable/rate-limiter/unjudged.client.ts";
import { createRunProgressClient } from "../../durable/run-progress/run-progress.client.ts";
import { createOriginOf } from "../pages/edge.ts";
import type { Services } from "../services.ts";
import { indexesOf } from "./bindings.ts";
import { foundation } from "./foundation.ts";
import { once } from "./once.ts";
import { createVendorDoors } from "./vendor-doors.ts";

const log = logger("worker");
const HEALTH_TIMEOUT_MS = 2_000;

/** What requests, jobs and the sweep work with. The cache of DNA and what is remembered of webhooks live as long as an isolate. */
export const servicesOf = once((env): Services => {
  const { settings, clock, objects, vendors, memory, vault, twilioAccounts, bridgeCalls, rateLimiter, liveFeed, couriers, changed, cardLink, gateOf, verificationGateOf, trustOf } = foundation(env);
  const gemini = { apiKey: settings.GOOGLE_API_KEY, baseUrl: settings.GEMINI_API_BASE_URL };
  const recordings = createRecordingsStore({ bucket: env.STORAGE });
  const runProgress = createRunProgressClient({ namespace: objects.runProgress });
  const mailer = createMailer({ apiKey: settings.RESEND_API_KEY, baseUrl: settings.MAIL_API_BASE_URL, from: settings.MAIL_FROM, fetch: counting("mail", async (input, init) => fetch(input, init)), admit: async (send) => vendors.occupy("resend", send) });
  if (!mailer.configured && settings.APEX_ENV === "production") log.warn("mail is not configured (RESEND_API_KEY, MAIL_FROM): no address can be confirmed, no password reset, nobody invited");
  const dna = createDnaLoader({ bucket: env.STORAGE });
  const dnaEditor = createDnaEditor({ bucket: env.STORAGE, loader: dna, clock });
  const egress = createEgress({ allowHosts: settings.EGRESS_ALLOW_HOSTS, dohUrl: settings.DOH_URL, fetch: async (input, init) => fetch(input, init) });
  const { admitToModels, ...doors } = createVendorDoors({ env, settings, clock, egress, rateLimiters: objects.rateLimiters, vendors });
  const capsOf = settings.APEX_ENV === "local" ? () => NO_SPEND_CAPS : (plan: string) => limitsOf(plan).models;
  const noteModelCall = createModelCallNotes({ dataset: env.METRICS, now: () => clock.now() });
  const gatewayOf = (tenantMemory: TenantMemory, projectId: string | null, runId: string | null) => {
    const noted = (onUsage: UsageNote): UsageNote => async (usage) => {
      notedVendor("gemini");
      noteModelCall({ tenantId: tenantMemory.tenantId, projectId, runId }, usage);
      await onUsage(usage);
    };
    return createMeteredGateway({ memory: tenantMemory, projectId, runId, connect: (onUsage) => createGeminiGateway({ ...gemini, admit: admitToModels, onUsage: noted(onUsage) }), capsOf, clock });
  };
  const hosting = { suffix: settings.PAGES_HOST_SUFFIX === "" ? null : settings.PAGES_HOST_SUFFIX, originOf: createOriginOf(settings) };
  const indexes = indexesOf(env);
  const contextOf = (tenantMemory: TenantMemory) => createBrandContext({ memory: tenantMemory, gatewayOf: (projectId) => gatewayOf(tenantMemory, projectId, null), ...indexes });
  const similarOf = (tenantMemory: TenantMemory) => createSimilarTexts({ memory: tenantMemory, gatewayOf: (projectId) => gatewayOf(tenantMemory, projectId, null), ...indexes });
  const enqueue = async (run: Enqueued, delayMs?: number): Promise<void> => jobs.enqueue(run, delayMs);
  const tools = {
    hosting, clock, bridgeCalls, recordings, vault, egress, dna, dnaEditor, gatewayOf, contextOf, similarOf, gateOf, cardLink, enqueue,
    ...doors,
    openCouriers: couriers.open,
    random: Math.random,
    twilioOf: twilioAccounts.of,
    storage: env.STORAGE,
    erasedMarks: createErasedMarks({ backups: env.BACKUPS }),
    searchConsole: { baseUrl: settings.SEARCH_CONSOLE_API_BASE_URL, tokenUrl: settings.GOOGLE_TOKEN_URL, fetch: counting("search_console", async (input, init) => fetch(input, init)) },
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
    webhookDoors: new Map(),
    dna,
    dnaEditor,
    contextOf,
    storage: env.STORAGE,
    backups: memory.backups({ storage: env.STORAGE, backups: env.BACKUPS, giveUpCall: async (call) => bridgeCalls.giveUp(call) }),
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
    changed,
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
    unjudged: createUnjudged({ namespace: objects.rateLimiters }),
    checkModel: async () => (await checkModel({ ...gemini, timeoutMs: HEALTH_TIMEOUT_MS })).ok,
    vectors: env.VECTORIZE,
  };
});
