import type { Dna } from "../../core/dna/schema.ts";
import { peopleOf } from "../../core/dna/schema.ts";
import { notFound } from "../../core/errors.ts";
import type { AgentContext } from "../../core/kernel/agent.ts";
import { transcriptSchema } from "../lead-gen/call-analysis/transcript.schemas.ts";
import type { AgentTools } from "../tools.ts";
import { findExchanges } from "./questions/exchanges.ts";
import { wordsOf } from "./questions/redact.ts";

/** Words that are the business's or its trade's, so that writing them large says nothing about a person. */
const vocabularyOf = ({ identity, services, brand_brain, modules }: Dna): Set<string> => {
  const { geo_scope } = modules.local_seo.scout_settings;
  return new Set(wordsOf([identity.business_name, JSON.stringify([services, brand_brain, geo_scope])].join(" ")));
};

/**
 * Adds what customers asked on this call, and what the business answered, to what agents write from. The call's id is the
 * source, so that it can be taken out with the call.
 */
export const learnFromCall = async ({ memory, project, dna, tools, runId }: AgentContext<AgentTools>, { call_id }: { call_id: string }) => {
  const call = await memory.calls.get(call_id);
  if (call.project_id !== project.id) throw notFound("call");
  const transcript = transcriptSchema.safeParse(call.transcription).data;
  // A canary speaks to itself; a transcript may have expired since.
  if (call.canary || transcript === undefined) return { learned: 0 };
  const lead = await memory.entities.get(call.lead_id);
  const exchanges = await findExchanges({
    transcript,
    business_name: dna.identity.business_name,
    redaction: {
      names: [lead.name, call.person ?? "", ...peopleOf(dna.modules.lead_gen.sales_bridge).map(({ name }) => name)].filter((name) => name !== ""),
      vocabulary: vocabularyOf(dna),
      language: dna.identity.language ?? "en",
    },
    gateway: tools.gatewayOf(memory, project.id, runId),
  });
  const context = tools.contextOf(memory);
  await context.replace({ project_id: project.id, source: call.id, passages: exchanges.map(({ question, answer }) => ({ type: "question_answer", text: `Q: ${question}\nA: ${answer}` })) });
  await context.sync(project.id, { holder: runId });
  return { learned: exchanges.length };
};
