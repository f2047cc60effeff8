import { keptByRuntime } from "./runtime.ts";

/** Longer than any handler takes that is going to end, on the slowest machine. */
const LONGEST_MS = 60_000;

interface InFlight {
  started: number;
  work: Map<symbol, string>;
  objects: Map<string, { className: string; id: DurableObjectId }>;
  /** When this file's world began; Unix ms. */
  began: number;
}

const inFlight = keptByRuntime("in-flight", (): InFlight => ({ started: 0, work: new Map(), objects: new Map(), began: 0 }));

/** Takes note of the work until it ends, well or not. @returns it */
export const noted = <T>(name: string, result: Promise<T>): Promise<T> => {
  const id = Symbol(name);
  inFlight.started++;
  inFlight.work.set(id, name);
  const end = (): void => void inFlight.work.delete(id);
  result.then(end, end);
  return result;
};

/** Takes note of an object that comes to life, until it is taken by {@link takeObjects}. */
export const notedObject = (className: string, id: DurableObjectId): void => {
  inFlight.objects.set(`${className} ${id.toString()}`, { className, id });
};

/** All objects that have lived since they were last taken: each may have stored something. */
export const takeObjects = (): { className: string; id: DurableObjectId }[] => {
  const objects = [...inFlight.objects.values()];
  inFlight.objects.clear();
  return objects;
};

/** A mark that is the same as an earlier one when in between nothing went on, began, or came to life. */
export const workMark = (): string => `${inFlight.work.size} going on, ${inFlight.started} begun, ${inFlight.objects.size} alive`;

export const isQuiet = (): boolean => inFlight.work.size === 0 && inFlight.objects.size === 0;

/**
 * Waits for all that goes on. By looking again and again: to await another request's promise would go on in that request's I/O context.
 * @throws Error naming what does not end
 */
export const allEnded = async (longestMs = LONGEST_MS): Promise<void> => {
  const until = Date.now() + longestMs;
  while (inFlight.work.size > 0) {
    if (Date.now() > until) throw new Error(`Of the file before, this does not end: ${[...inFlight.work.values()].join(", ")}.`);
    await scheduler.wait(5);
  }
};

/** From here on, what is older belongs to no test. Times are those of this machine's clock, to the millisecond, so one is let pass before and after. */
export const beginWorld = async (): Promise<void> => {
  await scheduler.wait(2);
  inFlight.began = Date.now();
  await scheduler.wait(2);
};

/** Whether it is older than this file's world, e.g. a message that waited in a queue. */
export const isFromBefore = ({ timestamp }: { timestamp: Date }): boolean => timestamp.getTime() < inFlight.began;
