import { and, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { CampaignSettings, CampaignStatus, PauseReason } from "../contact/campaign.types.ts";
import { newId } from "../ids.ts";
import { notFound } from "../errors.ts";
import { auditIfChanged, insertIf, matching, type Page, type PageRequest, type Scope, toPage } from "./database.ts";
import { newRun, type QueuedRun, queuedOf } from "./runs.store.ts";
import { campaign_recipients, campaigns, runs } from "./schema.ts";

export type Campaign = typeof campaigns.$inferSelect;

/** The run that sends a campaign, one for each time that it is started; the sweep brings it, whatever becomes of the queue. */
const SEND = { task: "reactivator_agent", action: "send" } as const;

export const createCampaignsStore = (scope: Scope) => {
  const { db, tenantId, clock } = scope;
  const own = (id: string) => and(eq(campaigns.id, id), eq(campaigns.tenant_id, tenantId));
  const find = async (id: string): Promise<Campaign | undefined> => db.select().from(campaigns).where(own(id)).get();
  const get = async (id: string): Promise<Campaign> => {
    const campaign = await find(id);
    if (!campaign) throw notFound("campaign");
    return campaign;
  };
  const withRun = async (runId: string): Promise<Campaign | undefined> => db.select().from(campaigns).where(and(eq(campaigns.tenant_id, tenantId), eq(campaigns.run_id, runId))).get();

  return {
    find,
    get,

    /**
     * The campaign of a run, opened now if it has none yet.
     * @param input.guardMs how far back opt-outs from the project's earlier campaigns count against it, ms, unless somebody has decided to go on since
     */
    async open(input: { project_id: string; run_id: string; starts_itself: boolean; settings: CampaignSettings; guardMs?: number }): Promise<Campaign> {
      const now = clock.now();
      const { guardMs = 0, ...asked } = input;
      const resumed = await db.select({ at: sql<number | null>`max(${campaigns.guard_from})`.as("resumed_at") }).from(campaigns).where(and(eq(campaigns.project_id, input.project_id), eq(campaigns.tenant_id, tenantId), gt(campaigns.round, 1))).get();
      const row = { ...asked, id: newId("cmp", now), tenant_id: tenantId, guard_from: Math.max(now - guardMs, resumed?.at ?? 0), status: "preparing" as const, left_out: {}, round: 0, sent: 0, created_at: now };
      await db.batch([
        db.insert(campaigns).values(row).onConflictDoNothing(),
        auditIfChanged(scope, "campaign.opened", `campaign:${row.id}`, { run_id: input.run_id, starts_itself: input.starts_itself }),
      ]);
      const campaign = await withRun(input.run_id);
      if (!campaign) throw new Error("a campaign was neither stored nor found by its run");
      return campaign;
    },

    async list(filter: { project_id?: string | undefined; status?: CampaignStatus | undefined }, page: PageRequest): Promise<Page<Campaign>> {
      const rows = await db
        .select()
        .from(campaigns)
        .where(
          and(
            matching(campaigns.tenant_id, tenantId, filter.project_id === undefined),
            matching(campaigns.project_id, filter.project_id, true),
            matching(campaigns.status, filter.status, false),
            page.cursor === undefined ? undefined : lt(campaigns.id, page.cursor),
          ),
        )
        .orderBy(desc(campaigns.id))
        .limit(page.limit + 1)
        .all();
      return toPage(rows, page.limit);
    },

    /** The one that is being sent in a project. */
    running: async (projectId: string): Promise<Campaign | undefined> =>
      db.select().from(campaigns).where(and(eq(campaigns.project_id, projectId), sql`${campaigns.status} = 'running'`, eq(campaigns.tenant_id, tenantId))).get(),

    /** All of it is selected and written: it may be looked at. */
    async prepared(id: string): Promise<void> {
      await db.batch([db.update(campaigns).set({ status: "preview" }).where(and(own(id), eq(campaigns.status, "preparing"))), auditIfChanged(scope, "campaign.prepared", `campaign:${id}`)]);
    },

    /**
     * Has it sent, by a run that is written in the same batch.
     * @param from what it must be now
     * @returns the run to queue; null when it is something else meanwhile, or another of the project is being sent
     */
    async start(campaign: Pick<Campaign, "id" | "project_id" | "round">, from: CampaignStatus, dueInMs: number): Promise<QueuedRun | null> {
      const now = clock.now();
      const round = campaign.round + 1;
      const runId = newId("run", now);
      const run = newRun(scope, runId, { project_id: campaign.project_id, ...SEND, params: { campaign_id: campaign.id, round }, idempotency_key: `campaign:${campaign.id}:${round}` }, dueInMs);
      const another = db.select({ id: campaigns.id }).from(campaigns).where(and(eq(campaigns.project_id, campaign.project_id), sql`${campaigns.status} = 'running'`));
      const [started] = await db.batch([
        db
          .update(campaigns)
          .set({ status: "running", pause_reason: null, round, ...(from === "paused" ? { guard_from: now } : {}), started_at: sql`coalesce(${campaigns.started_at}, ${now})` })
          .where(and(own(campaign.id), eq(campaigns.status, from), eq(campaigns.round, campaign.round), sql`NOT EXISTS ${another}`))
          .returning({ id: campaigns.id }),
        insertIf(db, runs, run, sql`changes() > 0`),
        auditIfChanged(scope, from === "paused" ? "campaign.resumed" : "campaign.started", `campaign:${campaign.id}`, { run_id: runId }),
      ]);
      return started.length > 0 ? queuedOf(run) : null;
    },

    /** @returns whether it was being sent */
    async pause(id: string, reason: PauseReason): Promise<boolean> {
      const [paused] = await db.batch([
        db.update(campaigns).set({ status: "paused", pause_reason: reason }).where(and(own(id), eq(campaigns.status, "running"))).returning({ id: campaigns.id }),
        auditIfChanged(scope, "campaign.paused", `campaign:${id}`, { reason }),
      ]);
      return paused.length > 0;
    },

    /** For good: whoever has not been written to will not be. @returns whether it was not over */
    async stop(id: string): Promise<boolean> {
      const [stopped] = await db.batch([
        db.update(campaigns).set({ status: "stopped", ended_at: clock.now() }).where(and(own(id), inArray(campaigns.status, ["preparing", "preview", "running", "paused"]))).returning({ id: campaigns.id }),
        auditIfChanged(scope, "campaign.stopped", `campaign:${id}`),
        db
          .update(campaign_recipients)
          .set({ state: "canceled", reason: "stopped" })
          .where(and(eq(campaign_recipients.campaign_id, id), eq(campaign_recipients.tenant_id, tenantId), eq(campaign_recipients.state, "planned"), sql`(SELECT status FROM campaigns WHERE id = ${id}) = 'stopped'`)),
      ]);
      return stopped.length > 0;
    },

    /** Over, once nobody is left to write to. @returns whether it is */
    async complete(id: string): Promise<boolean> {
      const left = db.select({ id: campaign_recipients.id }).from(campaign_recipients).where(and(eq(campaign_recipients.campaign_id, id), eq(campaign_recipients.state, "planned")));
      const [completed] = await db.batch([
        db.update(campaigns).set({ status: "completed", ended_at: clock.now() }).where(and(own(id), eq(campaigns.status, "running"), sql`NOT EXISTS ${left}`)).returning({ id: campaigns.id }),
        auditIfChanged(scope, "campaign.completed", `campaign:${id}`),
      ]);
      return completed.length > 0;
    },
  };
};
