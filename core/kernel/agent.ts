import type { z } from "zod";
import type { Dna } from "../dna/schema.ts";
import type { TenantMemory } from "../memory/memory.ts";
import type { Project } from "../memory/projects.store.ts";
import type { Scope } from "../security/scopes.ts";

/** How far a piece of work has come: `done` of `total` steps, and what was done last. */
export interface Progress {
  done: number;
  total: number;
  label: string;
  /** Its steps are the run's parts: while it waits for them, whoever asks is told how many are over by then. */
  steps?: "parts";
}

/**
 * What an action returns that has more to do than one attempt should: its run is taken up again, as no failure, after `inMs` or once
 * the parts that it waits for are over. What has been done so far, the action itself has stored.
 */
export class Later {
  readonly inMs: number;
  constructor(inMs: number) {
    this.inMs = inMs;
  }
}
export const later = (inMs: number): Later => new Later(inMs);

/** What every action is given. `Tools` are those that the composition root hands to all agents; none of them is `env`. */
export interface SystemContext<Tools> {
  runId: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** When the run was asked for, business time in ms. */
  queuedAt: number;
  /** The project that the caller named, whether or not it exists; null when they named none. */
  projectId: string | null;
  memory: TenantMemory;
  tools: Tools;
  /** Tells whoever watches how far the work has come. */
  report: (progress: Progress) => Promise<void>;
  /** Aborted once the run was called off: long work may end early. Absent where nobody can call it off. */
  signal?: AbortSignal;
}

/** What an action for a business is given besides: its project, which the dispatcher has checked to be the tenant's, and its DNA. */
export interface AgentContext<Tools> extends SystemContext<Tools> {
  project: Project;
  dna: Dna;
}

/** One thing that an agent can do. It returns a JSON-able result, or `later()`, or throws an AppError that says whether to retry. */
export type AgentAction<Tools> =
  | { needsDna: true; params: z.ZodType; run: (context: AgentContext<Tools>, params: unknown) => Promise<unknown> }
  | { needsDna: false; params: z.ZodType; run: (context: SystemContext<Tools>, params: unknown) => Promise<unknown> };

/** How soon a run is to begin where many of its tenant's wait: it decides its queue, and behind how many at work it stands aside (jobs.ts). */
export type Pace = "urgent" | "soon" | "bulk";

/** Who does what. Found by its `task` through `/api/run`. */
export interface Agent<Tools> {
  task: string;
  /** Scopes that a caller needs besides `runs:write`, because its actions do what other routes ask these for. */
  scopes?: readonly Scope[];
  /** Started by the house only: to `/api/run` there is no such task. */
  internal?: true;
  /** Whose actions somebody waits for: all, or these. The others are bulk, and give way: they have a queue of their own and are a few at a time for each tenant. */
  urgent?: true | readonly string[];
  /** Whose actions nobody waits for, but that would be of no use behind a batch of hours: all, or these. They leave places for urgent ones. */
  soon?: true | readonly string[];
  actions: Record<string, AgentAction<Tools>>;
  /** What runs when the caller names no action; null when one must be named. */
  defaultAction: string | null;
}

/** Ties an action's schema to its function, so that inside it the params are typed. */
export const action = <Tools, Schema extends z.ZodType>(
  params: Schema,
  run: (context: AgentContext<Tools>, params: z.infer<Schema>) => Promise<unknown>,
): AgentAction<Tools> => ({ needsDna: true, params, run: (context, input) => run(context, input as z.infer<Schema>) });

/** The same for work that comes before a project has DNA. */
export const systemAction = <Tools, Schema extends z.ZodType>(
  params: Schema,
  run: (context: SystemContext<Tools>, params: z.infer<Schema>) => Promise<unknown>,
): AgentAction<Tools> => ({ needsDna: false, params, run: (context, input) => run(context, input as z.infer<Schema>) });
