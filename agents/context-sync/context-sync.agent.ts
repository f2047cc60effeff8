import { z } from "zod";
import { action, type Agent } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { followDna, followParams } from "./follow-dna.ts";
import { learnFromCall } from "./learn-from-call.ts";

/** Keeps the brand brain true. Nobody starts it through `/api/run`: it follows what people and calls do. */
export const contextSync: Agent<AgentTools> = {
  task: "context_sync",
  internal: true,
  defaultAction: null,
  actions: {
    follow: action(followParams, followDna),
    learn: action(z.object({ call_id: z.string().regex(/^call_[a-z0-9]{1,60}$/) }), learnFromCall),
  },
};
