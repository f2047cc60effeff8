import type { Agent } from "../core/kernel/agent.ts";
import { contextSync } from "./context-sync/context-sync.agent.ts";
import { sniperAgent } from "./lead-gen/hunt/sniper.agent.ts";
import { leadImportAgent } from "./lead-gen/import/import.agent.ts";
import { leadGenManager } from "./lead-gen/lead-gen-manager.agent.ts";
import { leadScorer } from "./lead-gen/scoring/lead-scorer.agent.ts";
import { reactivatorAgent } from "./lead-gen/reactivation/reactivator.agent.ts";
import { salesAgent } from "./lead-gen/sales.agent.ts";
import { onboardingAgent } from "./onboarding/onboarding.agent.ts";
import { privacyAgent } from "./privacy/privacy.agent.ts";
import { analyticsAgent } from "./pseo/analytics/analytics.agent.ts";
import { criticAgent } from "./pseo/critic/critic.agent.ts";
import { librarianAgent } from "./pseo/librarian/librarian.agent.ts";
import { managerAgent } from "./pseo/manager/manager.agent.ts";
import { mediaAgent } from "./pseo/media/media.agent.ts";
import { publishAgent } from "./pseo/publisher/publish.agent.ts";
import { scoutAgent } from "./pseo/scout/scout.agent.ts";
import { strategistAgent } from "./pseo/strategist/strategist.agent.ts";
import { writerAgent } from "./pseo/writer/writer.agent.ts";
import type { AgentTools } from "./tools.ts";
import { webhooksAgent } from "./webhooks/webhooks.agent.ts";

const all: Agent<AgentTools>[] = [
  contextSync, leadGenManager, salesAgent, leadImportAgent, sniperAgent, leadScorer, reactivatorAgent, onboardingAgent, privacyAgent,
  scoutAgent, strategistAgent, writerAgent, criticAgent, librarianAgent, mediaAgent, publishAgent, analyticsAgent, managerAgent, webhooksAgent,
];

/** The one list of task name -> agent. */
export const agents: ReadonlyMap<string, Agent<AgentTools>> = new Map(all.map((agent) => [agent.task, agent]));
