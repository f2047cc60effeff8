import type { Agent } from "../core/kernel/agent.ts";
import { contextSync } from "./context-sync/context-sync.agent.ts";
import { leadGenManager } from "./lead-gen/lead-gen-manager.agent.ts";
import { salesAgent } from "./lead-gen/sales.agent.ts";
import { onboardingAgent } from "./onboarding/onboarding.agent.ts";
import { privacyAgent } from "./privacy/privacy.agent.ts";
import { analyticsAgent } from "./pseo/analytics/analytics.agent.ts";
import { criticAgent } from "./pseo/critic/critic.agent.ts";
import { publishAgent } from "./pseo/publisher/publish.agent.ts";
import { scoutAgent } from "./pseo/scout/scout.agent.ts";
import { writerAgent } from "./pseo/writer/writer.agent.ts";
import type { AgentTools } from "./tools.ts";

const all: Agent<AgentTools>[] = [leadGenManager, salesAgent, onboardingAgent, privacyAgent, contextSync, scoutAgent, publishAgent, analyticsAgent, writerAgent, criticAgent];

/** The one list of task name -> agent. */
export const agents: ReadonlyMap<string, Agent<AgentTools>> = new Map(all.map((agent) => [agent.task, agent]));
