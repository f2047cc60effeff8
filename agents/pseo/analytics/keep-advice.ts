import type { AgentContext } from "../../../core/kernel/agent.ts";
import { sha256Hex } from "../../../core/security/constant-time.ts";
import type { AgentTools } from "../../tools.ts";
import { type Recommendation, recommendationSchema } from "./analytics.schemas.ts";

const keyOf = ({ kind, page_id, into_page_id, query }: Recommendation): string =>
  `recommendation:${kind}:${page_id ?? "-"}:${into_page_id ?? "-"}${kind === "new_page" ? `:${sha256Hex(query ?? "").slice(0, 16)}` : ""}`;

/**
 * Keeps what is advised now as entities of type `recommendation`, and closes what is advised no more. What a person has dismissed stays
 * dismissed.
 * @param about the pages that were looked at; null: all
 * @returns how many are open
 */
export const keepAdvice = async ({ memory, tools, project }: AgentContext<AgentTools>, advice: readonly Recommendation[], about: ReadonlySet<string> | null): Promise<number> => {
  const now = tools.clock.now();
  const wanted = new Map(advice.map((one) => [keyOf(one), one]));
  await memory.keyed.put(
    [...wanted].map(([dedupe_key, one]) => ({ project_id: project.id, entity_type: "recommendation", dedupe_key, name: one.reason.slice(0, 200), metadata: { ...one, status: "open", at: now } })),
    { status: ["open", "done"] },
  );
  let open = 0;
  for await (const rows of memory.keyed.each(project.id, "recommendation", { status: "open" })) {
    for (const { id, metadata } of rows) {
      const read = recommendationSchema.safeParse(metadata).data;
      const isStale = read !== undefined && !wanted.has(read.dedupe_key) && (about === null || (read.page_id !== null && about.has(read.page_id)));
      if (!isStale) open += 1;
      else await memory.keyed.change(id, { set: { status: "done" }, expect: { status: "open" } });
    }
  }
  return open;
};
