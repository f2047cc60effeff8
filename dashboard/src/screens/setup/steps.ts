export const STEPS = ["read", "review", "connect", "call", "live"] as const;
export type Step = (typeof STEPS)[number];
export type StepState = "todo" | "doing" | "failed" | "done";

export interface SetupFacts {
  /** The newest run that set the business up. */
  run: { status: string } | null;
  /** Whether anybody has corrected anything. */
  isCorrected: boolean;
  isConnected: boolean;
  /** Whether a call of the business's has joined two people. */
  hasTalked: boolean;
  isLive: boolean;
}

const readState = (run: SetupFacts["run"]): StepState => {
  if (run === null) return "todo";
  if (run.status === "succeeded") return "done";
  return run.status === "failed" || run.status === "dead" ? "failed" : "doing";
};

/** Where the setting up stands, by what the API knows alone: another browser, or this one next week, goes on at the same place. Pure. */
export const statesOf = ({ run, isCorrected, isConnected, hasTalked, isLive }: SetupFacts): Record<Step, StepState> => {
  const done = (is: boolean): StepState => (is ? "done" : "todo");
  // Whoever has gone on to ring or connect has seen what was found.
  return { read: readState(run), review: done(isCorrected || isConnected || hasTalked), connect: done(isConnected), call: done(hasTalked), live: done(isLive && hasTalked) };
};

/** What comes next: nothing is stood still for but the reading itself, and connecting can wait until it has been heard to ring. */
export const nextOf = (states: Record<Step, StepState>): Step => {
  if (states.read !== "done") return "read";
  if (states.call === "done") return states.connect === "done" ? "live" : "connect";
  return states.review === "done" ? "call" : "review";
};
