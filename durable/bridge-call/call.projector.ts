import type { Clock } from "../../core/clock.ts";
import { describeError } from "../../core/errors.ts";
import { logger } from "../../core/log.ts";
import type { TenantMemory } from "../../core/memory/memory.ts";
import type { CallStorage, StoredCall } from "./call.storage.ts";
import { firstVerdicts } from "./clearance.ts";
import type { Plan } from "./plan.schema.ts";
import { endOf, leadStatusOf, projectionOf } from "./projection.ts";

const log = logger("bridge-call");

/**
 * Lists may lag so far behind a call under way, so that a ring's first three reports are one write; its end shows at once, and what is
 * noted of it after that, that texts went out say, together.
 */
const DELAY_MS = { under_way: 250, ended: 20, over: 1_000 };
type Delay = keyof typeof DELAY_MS;

export interface ProjectorTools {
  storage: CallStorage;
  clock: Clock;
  memory: (tenantId: string, requestId?: string) => TenantMemory;
  /** When the object will act by itself, business time; null when it waits for the outside. */
  wakeAt: (stored: StoredCall) => number | null;
  /** D1 shows something new of a call of this project; `watched`: somebody watches that. */
  changed: (plan: Pick<Plan, "tenant_id" | "project_id">, watched: boolean) => void;
  /** D1 did not take it: have us called again. */
  onFailure: () => Promise<void>;
}

/** Brings what the object knows to D1, where lists read it. It may lag; the object's own storage is the truth. */
export const createProjector = ({ storage, clock, memory, wakeAt, changed, onFailure }: ProjectorTools) => {
  const writing = new Set<string>();
  const waiting = new Map<string, Delay>();

  const write = async (callId: string, stored: StoredCall): Promise<void> => {
    const { state } = stored;
    const projection = projectionOf(state, clock.now(), wakeAt(stored));
    const status = leadStatusOf(state);
    // A status that a person has set since we last wrote ours is left alone.
    const change = status === null || status === stored.lead_status ? null : { status, call_sid: projection.call_sid, ...(projection.duration_s === null ? {} : { call_duration: projection.duration_s }) };
    const { calls } = memory(state.plan.tenant_id, state.plan.request_id);
    let watched = true;
    if (state.revision > stored.projected) watched = await calls.project(callId, state.plan.lead_id, projection, change, state.verdicts ? firstVerdicts(state.plan, state.verdicts) : []);
    else if (projection.next_due_at !== null) await calls.postpone(callId, projection.next_due_at);
    changed(state.plan, watched);
    const latest = storage.load(callId);
    if (!latest) return;
    const { verdicts: _, ...told } = latest.state;
    storage.save({ state: told, projected: state.revision, lead_status: status ?? latest.lead_status });
  };

  /** Changes that come while one is being written are taken along by the next round. `force`: also if D1 knows it all. */
  const project = async (callId: string, force = false): Promise<void> => {
    if (writing.has(callId)) return;
    writing.add(callId);
    try {
      let again = force;
      for (let stored = storage.load(callId); stored && (again || stored.projected < stored.state.revision); stored = storage.load(callId)) {
        again = false;
        await write(callId, stored);
      }
    } catch (error) {
      log.error("projection failed", { call_id: callId, error: describeError(error) });
      await onFailure();
    } finally {
      writing.delete(callId);
    }
  };

  return {
    project,
    /** Changes come in twos and threes; lists need only the last. If we die before it, the sweep finds the row overdue. */
    soon({ state }: StoredCall): void {
      const { plan } = state;
      const endedAt = endOf(state);
      const due: Delay = endedAt === null ? "under_way" : clock.now() - endedAt < DELAY_MS.ended ? "ended" : "over";
      const known = waiting.get(plan.call_id);
      if (known === due || known === "ended") return;
      waiting.set(plan.call_id, due);
      setTimeout(() => {
        if (waiting.get(plan.call_id) !== due) return;
        waiting.delete(plan.call_id);
        void project(plan.call_id);
      }, DELAY_MS[due]);
    },
  };
};
