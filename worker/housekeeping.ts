import { exportKey } from "../agents/privacy/export-tenant.ts";
import { dayOf } from "../core/clock.ts";
import { describeError } from "../core/errors.ts";
import { logger } from "../core/log.ts";
import { nextDues } from "../core/schedule/jobs.ts";
import { followKey } from "../core/memory/context/context.types.ts";
import { systemActor } from "../core/memory/actor.ts";
import { meterStorage } from "../core/usage/storage.ts";
import { raiseAlerts } from "./alerts.ts";
import { attempt } from "./attempt.ts";
import { followFigures, rollUpFigures } from "./figures.ts";
import { sendDueMails } from "./identity/mail.ts";
import { closeContacts } from "./metering.ts";
import type { Services } from "./services.ts";
import { forgetDeliveries, tellOfDisabledEndpoints } from "./webhooks/notices.ts";

const log = logger("housekeeping");

/** Seals what tenants have written to the audit log since the last sweep. One that cannot be sealed now is looked at again. */
const sealAudit = async ({ memory }: Pick<Services, "memory">): Promise<void> => {
  const { tenants, last } = await memory.housekeeping.auditedTenants();
  if (last === null) return;
  let upTo = last;
  for (const { tenant_id, first } of tenants) {
    try {
      const { sealed, head } = await memory.for(tenant_id, systemActor("sealer")).auditChain.seal();
      // The log keeps the head where whoever could rewrite the database cannot reach it.
      if (sealed > 0) log.info("audit sealed", { tenant_id, rows: sealed, head });
    } catch (error) {
      upTo = Math.min(upTo, first - 1);
      log.error("audit not sealed", { tenant_id, error: describeError(error) });
    }
  }
  await memory.housekeeping.sealedUpTo(upTo);
};

const PROJECTS_A_SWEEP = 50;
const EXPORTS_A_SWEEP = 20;

/** Once a day (UTC) for every project that keeps things for a time only: a run, the same one however often it is asked for. */
const startRetention = async ({ memory, dna, jobs, clock }: Pick<Services, "memory" | "dna" | "jobs" | "clock">): Promise<void> => {
  const day = dayOf(clock.now());
  const due = await memory.housekeeping.projectsDue("retention", day, PROJECTS_A_SWEEP);
  for (const { id, tenant_id } of due) {
    try {
      const store = memory.for(tenant_id, systemActor("retention"));
      const { retention } = await dna.load(await store.projects.get(id));
      const keepsForGood = (retention.recordings_days ?? retention.transcripts_days ?? retention.leads_days) === undefined;
      if (!keepsForGood) await jobs.submit(store, { project_id: id, task: "privacy", action: "retain", params: { day }, idempotency_key: `retention:${id}:${day}` });
    } catch (error) {
      log.error("retention not begun", { project_id: id, tenant_id, error: describeError(error) });
    }
  }
  const last = due.at(-1);
  if (last) await memory.housekeeping.projectsDone("retention", day, last.id);
};

/**
 * Once a day (UTC) for every project: whether its brand brain is what its DNA says. Writing a DNA has a run of its own; this finds
 * what a release has changed in the trades' own texts or in the models, and what was given up on while a vendor was down.
 */
const followDnas = async ({ memory, dna, jobs, clock, contextOf }: Pick<Services, "memory" | "dna" | "jobs" | "clock" | "contextOf">): Promise<void> => {
  const day = dayOf(clock.now());
  const due = await memory.housekeeping.projectsDue("context", day, PROJECTS_A_SWEEP);
  for (const { id, tenant_id } of due) {
    try {
      const store = memory.for(tenant_id, systemActor("context"));
      const project = await store.projects.get(id);
      const [version] = [project.dna_custom, project.dna_generated].filter((one) => one !== null).toSorted().reverse();
      const written = version === undefined ? undefined : await store.runs.withKey(followKey(id, version));
      if (written?.status === "queued" || written?.status === "running") continue;
      const lags = await contextOf(store).lags(id, await dna.load(project));
      if (lags) await jobs.submit(store, { project_id: id, task: "context_sync", action: "follow", params: {}, idempotency_key: followKey(id, day) });
    } catch (error) {
      log.error("brand brain not looked at", { project_id: id, tenant_id, error: describeError(error) });
    }
  }
  const last = due.at(-1);
  if (last) await memory.housekeeping.projectsDone("context", day, last.id);
};

/**
 * Once a day (UTC) for every project: whether it is scheduled as its DNA says. Writing a DNA sees to that; this finds what a release has
 * changed in the defaults, and projects that are older than their schedules.
 */
export const followSchedules = async ({ memory, dna, clock }: Pick<Services, "memory" | "dna" | "clock">): Promise<void> => {
  const day = dayOf(clock.now());
  const due = await memory.housekeeping.projectsDue("schedules", day, PROJECTS_A_SWEEP);
  for (const { id, tenant_id } of due) {
    try {
      const store = memory.for(tenant_id, systemActor("schedule"));
      await store.schedules.follow(id, nextDues(id, await dna.load(await store.projects.get(id)), clock.now()));
    } catch (error) {
      log.error("schedules not looked at", { project_id: id, tenant_id, error: describeError(error) });
    }
  }
  const last = due.at(-1);
  if (last) await memory.housekeeping.projectsDone("schedules", day, last.id);
};

const TENANTS_METERED_A_SWEEP = 10;

/** Once a day (UTC) for every tenant that has a project: what it has stored. */
const meterStorages = async ({ memory, storage, clock }: Pick<Services, "memory" | "storage" | "clock">): Promise<void> => {
  const day = dayOf(clock.now());
  const due = await memory.housekeeping.projectsDue("storage", day, TENANTS_METERED_A_SWEEP);
  for (const tenant_id of new Set(due.map((project) => project.tenant_id))) {
    try {
      await meterStorage({ memory: memory.for(tenant_id, systemActor("metering")), bucket: storage }, day);
    } catch (error) {
      log.error("storage not metered", { tenant_id, error: describeError(error) });
    }
  }
  const last = due.at(-1);
  if (last) await memory.housekeeping.projectsDone("storage", day, last.id);
};

/** Archives go after their week: first the bytes, then the row that says that there are some. */
const dropExpiredExports = async ({ memory, storage }: Pick<Services, "memory" | "storage">): Promise<void> => {
  for (const { id, tenant_id } of await memory.housekeeping.expiredExports(EXPORTS_A_SWEEP)) {
    await storage.delete(exportKey(tenant_id, id));
    await memory.for(tenant_id, systemActor("retention")).tenant.dropExport(id);
  }
};

/** Once a day (UTC), some pages a sweep. */
const keepBackups = async ({ backups }: Pick<Services, "backups">): Promise<void> => {
  await backups.keep();
};

const endWatches = async ({ memory }: Pick<Services, "memory">): Promise<void> => memory.housekeeping.endWatches();
const forgetExpired = async ({ memory }: Pick<Services, "memory">): Promise<void> => memory.identity.forgetExpired();

const sendWebhooks = async ({ couriers }: Pick<Services, "couriers">): Promise<void> => couriers.openAll();

/** What the sweep does besides calls and runs. One that fails does not keep the others from their turn. */
export const keepHouse = async (services: Services): Promise<void> => {
  const { memory } = services;
  for (const housekeeping of memory.housekeepings) {
    const within = { ...services, memory: { ...memory, housekeeping } };
    for (const [name, task] of Object.entries({ sealAudit, startRetention, followDnas, followSchedules, followFigures, rollUpFigures, dropExpiredExports, closeContacts, meterStorages, endWatches, tellOfDisabledEndpoints, forgetDeliveries })) await attempt(name, async () => task(within));
  }
  for (const [name, task] of Object.entries({ sendWebhooks, sendDueMails, forgetExpired, keepBackups, raiseAlerts })) await attempt(name, async () => task(services));
};
