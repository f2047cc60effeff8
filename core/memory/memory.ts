import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { createAccountsStore } from "./accounts.store.ts";
import { type Actor, systemActor } from "./actor.ts";
import { createApiKeysStore } from "./api-keys.store.ts";
import { createAuditChainStore } from "./audit-chain.store.ts";
import { createAuditStore } from "./audit.store.ts";
import { type BackupsOptions, createBackups } from "./backup/backups.ts";
import { WHOLE_TENANT } from "./backup/places.ts";
import { createBlocklistStore } from "./blocklist.store.ts";
import { createCampaignRecipientsStore } from "./campaign-recipients.store.ts";
import { createCampaignResultsStore } from "./campaign-results.store.ts";
import { createCampaignsStore } from "./campaigns.store.ts";
import { createCallsStore } from "./calls.store.ts";
import { createCanariesStore } from "./canaries.store.ts";
import { createConnectionsStore } from "./connections.store.ts";
import { createContextStore } from "./context/context.store.ts";
import { createClaims } from "./claims.ts";
import { openDatabases } from "./databases.ts";
import { createDestinationsStore } from "./destinations.store.ts";
import { createDnaVersionsStore } from "./dna-versions.store.ts";
import { createDutiesStore } from "./duties.store.ts";
import { createEntitiesStore } from "./entities.store.ts";
import { createErasureStore } from "./erasure.store.ts";
import { createFiguresStore } from "./figures.store.ts";
import { createFoundLeadsStore } from "./found-leads.store.ts";
import { createLeadImportsStore } from "./lead-imports.store.ts";
import { createHostedPagesStore } from "./hosted-pages.store.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { createRegionDirectory, createRegionHosting, createRegionIdentity } from "./region-directory.ts";
import { createIdempotencyStore } from "./idempotency.store.ts";
import { createIncomingCallsStore } from "./incoming-calls.store.ts";
import { createInboxStore } from "./inbox.store.ts";
import { createInvitationsStore } from "./invitations.store.ts";
import { createLeadScoresStore } from "./lead-scores.store.ts";
import { createKeyedEntitiesStore } from "./keyed-entities.store.ts";
import { lazily } from "./lazily.ts";
import { createLiveStore } from "./live.store.ts";
import { createLeadsStore } from "./leads.store.ts";
import { createLeasesStore } from "./leases.store.ts";
import { createMailedTokensStore } from "./mailed-tokens.store.ts";
import { createMembersStore } from "./members.store.ts";
import { createMeteringStore } from "./metering.store.ts";
import { createMessagesStore } from "./messages.store.ts";
import { createNumbersStore } from "./numbers.store.ts";
import { createOldCustomersStore } from "./old-customers.store.ts";
import { createOperationsStore } from "./operations.store.ts";
import { createOptOutsStore } from "./opt-outs.store.ts";
import { createPagePrintsStore } from "./page-prints.store.ts";
import { createPageHostsStore } from "./page-hosts.store.ts";
import { createPageLinksStore } from "./page-links.store.ts";
import { createPageResultsStore } from "./page-results.store.ts";
import { createPageViewsStore } from "./page-views.store.ts";
import { createProjectsStore } from "./projects.store.ts";
import { createRunsStore } from "./runs.store.ts";
import { createSimilarStore } from "./similar/similar.store.ts";
import { createStatsStore } from "./stats.store.ts";
import { createOperatorStore } from "./operator.store.ts";
import { createRetentionStore } from "./retention.store.ts";
import { createSchedulesStore } from "./schedules.store.ts";
import { createSessionsStore } from "./sessions.store.ts";
import { createTenantStore } from "./tenant.store.ts";
import { createUsageStore } from "./usage.store.ts";
import { createSecretsStore } from "./secrets.store.ts";
import { createWebhookDeliveriesStore } from "./webhook-deliveries.store.ts";
import { createWebhookEndpointsStore } from "./webhook-endpoints.store.ts";

const storesOf = lazily({
  projects: createProjectsStore,
  dnaVersions: createDnaVersionsStore,
  entities: createEntitiesStore,
  keyed: createKeyedEntitiesStore,
  leads: createLeadsStore,
  foundLeads: createFoundLeadsStore,
  leadImports: createLeadImportsStore,
  leadScores: createLeadScoresStore,
  leases: createLeasesStore,
  calls: createCallsStore,
  duties: createDutiesStore,
  incomingCalls: createIncomingCallsStore,
  pageLinks: createPageLinksStore,
  pageHosts: createPageHostsStore,
  hostedPages: createHostedPagesStore,
  pageViews: createPageViewsStore,
  pageResults: createPageResultsStore,
  runs: createRunsStore,
  schedules: createSchedulesStore,
  live: createLiveStore,
  stats: createStatsStore,
  figures: createFiguresStore,
  canaries: createCanariesStore,
  optOuts: createOptOutsStore,
  messages: createMessagesStore,
  inbox: createInboxStore,
  blocklist: createBlocklistStore,
  campaigns: createCampaignsStore,
  campaignRecipients: createCampaignRecipientsStore,
  campaignResults: createCampaignResultsStore,
  oldCustomers: createOldCustomersStore,
  erasure: createErasureStore,
  context: createContextStore,
  similar: createSimilarStore,
  pagePrints: createPagePrintsStore,
  secrets: createSecretsStore,
  connections: createConnectionsStore,
  numbers: createNumbersStore,
  destinations: createDestinationsStore,
  retention: createRetentionStore,
  tenant: createTenantStore,
  usage: createUsageStore,
  metering: createMeteringStore,
  webhookEndpoints: createWebhookEndpointsStore,
  webhookDeliveries: createWebhookDeliveriesStore,
  audit: createAuditStore,
  auditChain: createAuditChainStore,
  idempotency: createIdempotencyStore,
  accounts: createAccountsStore,
  sessions: createSessionsStore,
  mailedTokens: createMailedTokensStore,
  apiKeys: createApiKeysStore,
  members: createMembersStore,
  invitations: createInvitationsStore,
});

/** All that one tenant has. There is no verb in it that reaches another tenant's rows. */
export type TenantMemory = ReturnType<typeof storesOf>;

/** The sweep queues what a restore has opened, once the service is open again. */
const ERASE_DUE_MS = 60_000;

/** One database, or several in the order in which they were added. */
type Bound = { d1: D1Database } | { databases: readonly { name: string; d1: D1Database }[] };

export const createMemory = ({ clock, ...bound }: Bound & { clock: Clock }) => {
  const databases = openDatabases("databases" in bound ? bound.databases : [{ name: "DB", d1: bound.d1 }]);
  const claims = createClaims({ databases, clock });
  /** The only door to a tenant's rows, in the database that they are in. `actor` is who the audit log will name. */
  const forTenant = (tenantId: string, actor: Actor): TenantMemory => {
    const own = databases.of(tenantId);
    return storesOf({ db: own.db, d1: own.d1, clock, tenantId, actor, claims, others: databases.others(own) });
  };

  const eraseAgain = async (tenantId: string, entityId: string): Promise<void> => {
    const { tenant, erasure } = forTenant(tenantId, systemActor("restore"));
    if (entityId === WHOLE_TENANT) return tenant.deleteAgain(ERASE_DUE_MS);
    await erasure.begin(entityId, ERASE_DUE_MS).catch((error: unknown) => {
      // Not in the backup: nothing came back.
      if (!(error instanceof AppError) || error.status !== 404) throw error;
    });
  };

  const housekeepings = databases.all.map(({ db }) => createHousekeeping({ db, clock }));
  const [housekeeping = createHousekeeping({ db: databases.home.db, clock })] = housekeepings;

  return {
    directory: createRegionDirectory({ databases, claims, clock }),
    identity: createRegionIdentity({ databases, clock }),
    hosting: createRegionHosting({ databases }),
    /** Of the first database. */
    housekeeping,
    /** Of each: what the sweep walks through has a mark in every one of them. */
    housekeepings,
    operations: createOperationsStore({ db: databases.home.db, all: databases.all.map(({ db }) => db), clock }),
    backups: (tools: Pick<BackupsOptions, "storage" | "backups" | "giveUpCall">) => createBackups({ ...tools, databases: databases.all, clock, eraseAgain }),
    /** Outside all tenants; for the operator's door only. */
    operator: (actor: Actor) => createOperatorStore({ databases, clock, actor }),
    for: forTenant,
  };
};

export type Memory = ReturnType<typeof createMemory>;
