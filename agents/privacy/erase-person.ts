import { z } from "zod";
import type { SystemContext } from "../../core/kernel/agent.ts";
import { joinSids } from "../../core/providers/twilio/sids.ts";
import type { AgentTools } from "../tools.ts";
import { erasers } from "./erasers.ts";

const id = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);
const sids = z.array(z.string().regex(/^[A-Za-z0-9]{1,40}$/));

export const eraseParams = z.object({
  entity_id: id,
  calls: z.array(z.object({ call_id: id, project_id: id, account_sid: z.string().max(64).nullable().default(null), sids: z.object({ calls: sids, recordings: sids, messages: sids }) })),
});

/** Cleans every store of a person whose rows are gone already. Again from the start after an interruption: each step may be repeated. */
export const erasePerson = async ({ memory, tools, runId, report }: SystemContext<AgentTools>, params: z.infer<typeof eraseParams>) => {
  const found = [...params.calls, ...(await memory.erasure.dropLateCalls(params.entity_id))];
  // The row lags a moment behind the object, which knows every leg. Written down before the object forgets.
  const calls = await Promise.all(
    found.map(async (call) => ({ ...call, sids: joinSids(call.sids, await tools.bridgeCalls.sids({ tenant_id: memory.tenantId, project_id: call.project_id, call_id: call.call_id })) })),
  );
  const person = { entity_id: params.entity_id, calls };
  await memory.erasure.remember(runId, person);
  const counts: Record<string, number> = { calls: person.calls.length };
  for (const [done, { store, erase }] of erasers.entries()) {
    counts[store] = await erase({ memory, tools, runId }, person);
    await report({ done: done + 1, total: erasers.length, label: store });
  }
  await memory.numbers.dropUnusedAccounts(runId);
  await memory.erasure.finished(params.entity_id, counts);
  return counts;
};
