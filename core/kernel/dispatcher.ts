import type { Clock } from "../clock.ts";
import type { DnaLoader } from "../dna/loader.ts";
import { AppError, describeError, fieldErrors, traceOf, invalid, notFound } from "../errors.ts";
import { logger } from "../log.ts";
import type { Scope } from "../security/scopes.ts";
import { hideSecrets } from "../security/known-secrets.ts";
import type { TenantMemory } from "../memory/memory.ts";
import { isVendorBusy } from "../providers/pace.ts";
import { CANCELED, CLAIMANT_DIED, type Run, type RunOutcome } from "../memory/runs.store.ts";
import { type Agent, type AgentAction, Later, type Pace, type Progress } from "./agent.ts";
import { createProgressTeller } from "./progress-teller.ts";

const log = logger("kernel");

/** After so many failures in a row a run is a dead letter. */
const MAX_FAILURES = 6;

export interface DispatcherTools<Tools> {
  agents: ReadonlyMap<string, Agent<Tools>>;
  dna: DnaLoader;
  tools: Tools;
  clock: Clock;
  /** Called at most once a second for an attempt. */
  report: (run: Pick<Run, "id" | "tenant_id" | "project_id" | "attempts">, progress: Progress) => Promise<void>;
  /** 0 ≤ x < 1; spreads retries that failed together. */
  random: () => number;
}

/** 4, 8, 16 … at most 300 seconds, up to half of it by chance; the vendor's own word wins. */
const retryDelayMs = (failures: number, error: AppError | null, random: () => number): number =>
  error?.retryAfterMs ?? Math.min(300_000, 2000 * 2 ** failures) * (0.75 + random() / 2);

export const createDispatcher = <Tools>({ agents, dna, tools, clock, report, random }: DispatcherTools<Tools>): Dispatcher => {
  /** @throws AppError 404 for an unknown task, 422 for an unknown action or bad params */
  const resolve = (task: string, actionName: string | null, params: unknown, asked: "by a caller" | "by its row"): { agent: Agent<Tools>; action: AgentAction<Tools>; actionName: string; params: unknown } => {
    const agent = agents.get(task);
    if (!agent || (agent.internal && asked === "by a caller")) throw notFound("task");
    const name = actionName ?? agent.defaultAction;
    const found = name === null ? undefined : agent.actions[name];
    if (name === null || !found) throw invalid([{ path: "action", message: `must be one of: ${Object.keys(agent.actions).join(", ")}` }]);
    const parsed = found.params.safeParse(params);
    if (!parsed.success) throw invalid(fieldErrors(parsed.error.issues).map((error) => ({ ...error, path: `params.${error.path}`.replace(/\.$/, "") })));
    return { agent, action: found, actionName: name, params: parsed.data };
  };

  const outcomeOf = (error: unknown, run: Run): RunOutcome => {
    const known = error instanceof AppError ? error : null;
    const told = { code: known?.code ?? "internal", message: known ? hideSecrets(known.message) : "An unexpected failure; the log has the details." };
    const trace = hideSecrets(traceOf(error)) || null;
    // Its turn at a vendor has not come: it waits as it does in the queue, and nothing of it has failed.
    if (isVendorBusy(error)) {
      log.info("run put off: vendor busy", { run_id: run.id, tenant_id: run.tenant_id, task: run.task, action: run.action, attempt: run.attempts });
      return { status: "queued", error: told, failed: false, next_due_at: clock.now() + retryDelayMs(1, error, random) };
    }
    log.error("run failed", { run_id: run.id, tenant_id: run.tenant_id, project_id: run.project_id, task: run.task, action: run.action, attempt: run.attempts, ...(known ? { code: known.code } : {}), error: describeError(error), stack: trace });
    // What the caller got wrong stays wrong, and there is nothing in it for an operator to mend. A budget comes back.
    if (known && known.status < 500 && !known.retryable) return { status: "failed", error: told, trace };
    // A bug or an outage of the platform looks the same from here: worth trying again.
    const retryable = known ? known.retryable : true;
    const failures = run.failures + 1;
    if (!retryable || failures >= MAX_FAILURES) return { status: "dead", error: told, trace };
    return { status: "queued", error: told, trace, next_due_at: clock.now() + retryDelayMs(failures, known, random) };
  };

  return {
    resolve(task, actionName, params) {
      const found = resolve(task, actionName, params, "by a caller");
      return { ...found, scopes: found.agent.scopes ?? [] };
    },
    scopesOf: (task) => agents.get(task)?.scopes ?? [],
    paceOf(task, action) {
      const agent = agents.get(task);
      const isAmong = (names: true | readonly string[] = []): boolean => names === true || names.includes(action ?? agent?.defaultAction ?? "");
      return isAmong(agent?.urgent) ? "urgent" : isAmong(agent?.soon) ? "soon" : "bulk";
    },
    isInternal: (task) => agents.get(task)?.internal === true,
    check: (run, params) => void resolve(run.task, run.action, params, "by its row"),

    async execute(run, memory, signal) {
      // What throws is counted when it has thrown. Deaths are counted by the claim after them, and nobody else can give such a run up.
      if (run.failures >= MAX_FAILURES) {
        log.error("run given up: its claimants die", { run_id: run.id, tenant_id: run.tenant_id, project_id: run.project_id, task: run.task, action: run.action, attempt: run.attempts, last_error: run.error?.code });
        return { outcome: { status: "dead", error: CLAIMANT_DIED }, progress: run.progress };
      }
      let latest: Progress = run.progress;
      // Progress is a courtesy: its object being away must not fail the work.
      const teller = createProgressTeller(async (progress) => report(run, progress).catch((error: unknown) => log.warn("progress not reported", { run_id: run.id, error: describeError(error) })));
      try {
        const { action, params } = resolve(run.task, run.action, run.params, "by its row");
        const context = {
          runId: run.id,
          attempt: run.attempts,
          queuedAt: run.created_at,
          projectId: run.project_id,
          memory,
          tools,
          signal,
          report: async (progress: Progress) => {
            latest = progress;
            await teller.say(progress);
          },
        };
        const perform = async (): Promise<unknown> => {
          if (!action.needsDna) return action.run(context, params);
          const project = await memory.projects.get(run.project_id ?? "");
          return action.run({ ...context, project, dna: await dna.load(project) }, params);
        };
        const result = (await perform()) ?? null;
        if (result instanceof Later) return { outcome: { status: "queued", error: null, next_due_at: clock.now() + result.inMs }, progress: latest };
        return { outcome: { status: "succeeded", result }, progress: latest };
      } catch (error) {
        if (signal.aborted) return { outcome: { status: "failed", error: CANCELED }, progress: latest };
        return { outcome: outcomeOf(error, run), progress: latest };
      } finally {
        teller.end();
      }
    },
  };
};

/** What the rest of the house sees of it, whatever tools its agents take. */
export interface Dispatcher {
  /** `scopes`: what the caller needs besides `runs:write`. */
  resolve(task: string, actionName: string | null, params: unknown): { actionName: string; action: { needsDna: boolean }; scopes: readonly Scope[] };
  /** The same of a task that is stored already; none for one that is not known (any more). */
  scopesOf(task: string): readonly Scope[];
  /** How soon it is to begin; of one that is not known (any more) nobody waits. */
  paceOf(task: string, action: string | null): Pace;
  /** Whether the house alone starts it. */
  isInternal(task: string): boolean;
  /** Whether a stored run's input may be replaced by this. @throws AppError as `resolve` */
  check(run: Pick<Run, "task" | "action">, params: unknown): void;
  /** Runs one claimed attempt. Never throws: what went wrong is the outcome. `progress` is the last that was reported. */
  execute(run: Run, memory: TenantMemory, signal: AbortSignal): Promise<{ outcome: RunOutcome; progress: Progress }>;
}
