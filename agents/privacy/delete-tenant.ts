import { AppError } from "../../core/errors.ts";
import type { SystemContext } from "../../core/kernel/agent.ts";
import { joinSids } from "../../core/providers/twilio/sids.ts";
import { emptyFolder, folderOf } from "../../core/memory/tenant-storage.ts";
import type { AgentTools } from "../tools.ts";
import { deleteAtTwilio, tryLater } from "./erasers.ts";

const STEPS = 4;

/**
 * Removes all that a tenant had. Calls first, since their rows say what Twilio and the objects hold; each page is finished
 * everywhere before its rows go, so that an interrupted run finds the rest. The audit log and the tenant's id stay.
 */
export const deleteTenant = async (context: SystemContext<AgentTools>) => {
  const { memory, tools, runId, report } = context;
  if (!(await memory.tenant.isBeingDeleted())) throw new AppError({ code: "tenant_not_closed", status: 409, message: "The tenant has not asked to be deleted." });
  for (let page = await memory.erasure.anyCalls(); page.length > 0; page = await memory.erasure.anyCalls()) {
    const calls = [];
    for (const call of page) {
      const address = { tenant_id: memory.tenantId, project_id: call.project_id, call_id: call.call_id };
      calls.push({ ...call, sids: joinSids(call.sids, await tools.bridgeCalls.sids(address)) });
    }
    await memory.erasure.rememberSids(calls);
    for (const { project_id, call_id } of calls) await tools.bridgeCalls.forget({ tenant_id: memory.tenantId, project_id, call_id });
    await deleteAtTwilio(context, { entity_id: "", calls });
    await memory.erasure.removeCalls(calls.map((call) => call.call_id));
  }
  await report({ done: 1, total: STEPS, label: "calls" });
  const busy = await memory.tenant.busyRuns(runId);
  if (busy > 0) throw tryLater("deletion_waits", `${busy} runs of this tenant are still at work.`);
  const vectors = (await tools.contextOf(memory).clearTenant()) + (await tools.similarOf(memory).clearTenant());
  await report({ done: 2, total: STEPS, label: "vectors" });
  const objects = await emptyFolder(tools.storage, folderOf(memory.tenantId));
  await tools.erasedMarks.forgetTenant(memory.tenantId);
  await report({ done: 3, total: STEPS, label: "storage" });
  const removed = await memory.tenant.removeRows(runId);
  await memory.tenant.finishDeletion({ ...removed, objects, vectors });
  await report({ done: STEPS, total: STEPS, label: "rows" });
  return { ...removed, objects, vectors };
};
