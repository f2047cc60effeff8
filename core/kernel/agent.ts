import type { z } from "zod";
import type { Dna } from "../dna/schema.ts";
import type { TenantMemory } from "../memory/memory.ts";
import type { Project } from "../memory/projects.store.ts";

/** How far a piece of work has come: `done` of `total` steps, and what was done last. */
export interface Progress {
  done: number;
  total: number;
  label: string;
}

/** What every action is given. `Tools` are those that the composition root hands to all agents; none of them is `env`. */
export interface AgentContext<Tools> {
  runId: string;
  /** Which attempt this is, from 1. */
  attempt: number;
  /** When the run was asked for, business time in ms. */
  queuedAt: number;
  memory: TenantMemory;
  project: Project;
  dna: Dna;
  tools: Tools;
  /** Tells whoever watches how far the work has come. */
  report: (progress: Progress) => Promise<void>;
}

/** One thing that an agent can do. It returns a JSON-able result, or throws an AppError that says whether to retry. */
export interface AgentAction<Tools> {
  params: z.ZodType;
  /** @param params what `params` made of the caller's input */
  run: (context: AgentContext<Tools>, params: unknown) => Promise<unknown>;
}

export interface Agent<Tools> {
  /** The name under which `/api/run` finds it. */
  task: string;
  actions: Record<string, AgentAction<Tools>>;
  /** What runs when the caller names no action; null when one must be named. */
  defaultAction: string | null;
}

/** Ties an action's schema to its function, so that inside it the params are typed. */
export const action = <Tools, Schema extends z.ZodType>(
  params: Schema,
  run: (context: AgentContext<Tools>, params: z.infer<Schema>) => Promise<unknown>,
): AgentAction<Tools> => ({ params, run: (context, input) => run(context, input as z.infer<Schema>) });
