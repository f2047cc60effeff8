import { type Agent, systemAction } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { estimateOnboarding } from "./estimate.ts";
import { simulateAndGoLive } from "./go-live.ts";
import { onboard, rescan } from "./onboard.ts";
import { acceptParams, onboardParams, rescanParams, simulateParams } from "./onboarding.schemas.ts";
import { acceptProposal, givenOf } from "./rescan.ts";

/** From a name and a website to a business that rings the right phone (docs/design/0009). */
export const onboardingAgent: Agent<AgentTools> = {
  task: "onboarding",
  scopes: ["dna:write"],
  defaultAction: "onboard",
  urgent: true,
  actions: {
    onboard: systemAction(onboardParams, onboard),
    /** What `onboard` with the same words would come to. */
    estimate: systemAction(onboardParams, async ({ tools }, business) => Promise.resolve(estimateOnboarding(business, tools.clock.now()))),
    rescan: systemAction(rescanParams, async (context, params) => {
      const project = await context.memory.projects.get(context.projectId ?? "");
      return rescan(context, { ...givenOf(await context.tools.dna.readLayer(project, "generated")), ...params });
    }),
    accept: systemAction(acceptParams, async ({ memory, projectId, tools }, { proposal }) => {
      const project = await memory.projects.get(projectId ?? "");
      return { status: "accepted", project_id: project.id, dna_version: await acceptProposal({ bucket: tools.storage, dna: tools.dna, dnaEditor: tools.dnaEditor }, memory, project, proposal) };
    }),
    simulate: systemAction(simulateParams, async ({ memory, projectId, tools }) => {
      const { id } = await memory.projects.get(projectId ?? "");
      return { status: "simulated", project_id: id, ...(await simulateAndGoLive(tools, memory, id)) };
    }),
  },
};
