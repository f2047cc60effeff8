import type { Clock } from "../clock.ts";
import { createAccountsStore } from "./accounts.store.ts";
import type { Actor } from "./actor.ts";
import { createApiKeysStore } from "./api-keys.store.ts";
import { createAuditChainStore } from "./audit-chain.store.ts";
import { createAuditStore } from "./audit.store.ts";
import { createBlocklistStore } from "./blocklist.store.ts";
import { createCampaignRecipientsStore } from "./campaign-recipients.store.ts";
import { createCampaignResultsStore } from "./campaign-results.store.ts";
import { createCampaignsStore } from "./campaigns.store.ts";
import { createCallsStore } from "./calls.store.ts";
import { createCanariesStore } from "./canaries.store.ts";
import { createConnectionsStore } from "./connections.store.ts";
import { createContextStore } from "./context/context.store.ts";
import { openDatabase, type Scope } from "./database.ts";
import { createDestinationsStore } from "./destinations.store.ts";
import { createDirectory } from "./directory.ts";
import { createDnaVersionsStore } from "./dna-versions.store.ts";
import { createEntitiesStore } from "./entities.store.ts";
import { createErasureStore } from "./erasure.store.ts";
import { createFiguresStore } from "./figures.store.ts";
import { createFoundLeadsStore } from "./found-leads.store.ts";
import { createLeadImportsStore } from "./lead-imports.store.ts";
import { createHostedPagesStore } from "./hosted-pages.store.ts";
import { createHostingDirectory } from "./hosting.directory.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { createIdentityDirectory } from "./identity.directory.ts";
import { createIdempotencyStore } from "./idempotency.store.ts";
import { createIncomingCallsStore } from "./incoming-calls.store.ts";
import { createInboxStore } from "./inbox.store.ts";
import { createInvitationsStore } from "./invitations.store.ts";
import { createLeadScoresStore } from "./lead-scores.store.ts";
import { createKeyedEntitiesStore } from "./keyed-entities.store.ts";
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

const storesOf = (scope: Scope) => ({
  tenantId: scope.tenantId,
  projects: createProjectsStore(scope),
  dnaVersions: createDnaVersionsStore(scope),
  entities: createEntitiesStore(scope),
  keyed: createKeyedEntitiesStore(scope),
  leads: createLeadsStore(scope),
  foundLeads: createFoundLeadsStore(scope),
  leadImports: createLeadImportsStore(scope),
  leadScores: createLeadScoresStore(scope),
  leases: createLeasesStore(scope),
  calls: createCallsStore(scope),
  incomingCalls: createIncomingCallsStore(scope),
  pageLinks: createPageLinksStore(scope),
  pageHosts: createPageHostsStore(scope),
  hostedPages: createHostedPagesStore(scope),
  pageViews: createPageViewsStore(scope),
  pageResults: createPageResultsStore(scope),
  runs: createRunsStore(scope),
  schedules: createSchedulesStore(scope),
  live: createLiveStore(scope),
  stats: createStatsStore(scope),
  figures: createFiguresStore(scope),
  canaries: createCanariesStore(scope),
  optOuts: createOptOutsStore(scope),
  messages: createMessagesStore(scope),
  inbox: createInboxStore(scope),
  blocklist: createBlocklistStore(scope),
  campaigns: createCampaignsStore(scope),
  campaignRecipients: createCampaignRecipientsStore(scope),
  campaignResults: createCampaignResultsStore(scope),
  oldCustomers: createOldCustomersStore(scope),
  erasure: createErasureStore(scope),
  context: createContextStore(scope),
  similar: createSimilarStore(scope),
  pagePrints: createPagePrintsStore(scope),
  secrets: createSecretsStore(scope),
  connections: createConnectionsStore(scope),
  numbers: createNumbersStore(scope),
  destinations: createDestinationsStore(scope),
  retention: createRetentionStore(scope),
  tenant: createTenantStore(scope),
  usage: createUsageStore(scope),
  metering: createMeteringStore(scope),
  webhookEndpoints: createWebhookEndpointsStore(scope),
  webhookDeliveries: createWebhookDeliveriesStore(scope),
  audit: createAuditStore(scope),
  auditChain: createAuditChainStore(scope),
  idempotency: createIdempotencyStore(scope),
  accounts: createAccountsStore(scope),
  sessions: createSessionsStore(scope),
  mailedTokens: createMailedTokensStore(scope),
  apiKeys: createApiKeysStore(scope),
  members: createMembersStore(scope),
  invitations: createInvitationsStore(scope),
});

/** All that one tenant has. There is no verb in it that reaches another tenant's rows. */
export type TenantMemory = ReturnType<typeof storesOf>;

export const createMemory = ({ d1, clock }: { d1: D1Database; clock: Clock }) => {
  const db = openDatabase(d1);
  return {
    directory: createDirectory({ db, clock }),
    identity: createIdentityDirectory({ db, clock }),
    hosting: createHostingDirectory({ db }),
    housekeeping: createHousekeeping({ db, clock }),
    operations: createOperationsStore({ db, clock }),
    /** Outside all tenants; for the operator's door only. */
    operator: (actor: Actor) => createOperatorStore({ db, d1, clock, actor }),
    /** The only door to a tenant's rows. `actor` is who the audit log will name. */
    for: (tenantId: string, actor: Actor): TenantMemory => storesOf({ db, d1, clock, tenantId, actor }),
  };
};

export type Memory = ReturnType<typeof createMemory>;
