import { inspectProcess } from "./process-table.ts";

export interface Shutdown {
  /** What to do before the process ends; the one added last is done first. */
  stopFirst(stop: () => Promise<void>): void;
  hasBegun(): boolean;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const PARENT_CHECK_MS = 500;

/** The process of the npm that runs us, once removed when it does so through a shell. */
const findNpm = (): number => {
  const parent = inspectProcess(process.ppid);
  return parent !== null && /^(ba|da|z|k)?sh$/.test(parent.program) ? parent.parent : process.ppid;
};

/**
 * Ends this process in good order on Ctrl-C, SIGTERM and SIGHUP (a second one ends it at once), and when the npm that runs it
 * was killed: npm cannot pass on a kill -9, and the command would live on unseen. What is started by `startProcess` goes
 * with us in any case.
 */
export const stopWithUs = (): Shutdown => {
  const stops: (() => Promise<void>)[] = [];
  let begun = false;

  const shutDown = async (exitCode: number): Promise<void> => {
    if (begun) process.exit(exitCode);
    begun = true;
    for (const stop of stops.reverse()) await stop();
    process.exit(exitCode);
  };
  const begin = (exitCode: number): void => {
    shutDown(exitCode).catch((error: unknown) => {
      console.error(error);
      process.exit(exitCode);
    });
  };

  for (const [signal, exitCode] of Object.entries(SIGNALS)) process.on(signal, () => begin(exitCode));
  if (process.env["npm_lifecycle_event"] !== undefined) {
    const npm = findNpm();
    setInterval(() => {
      if (findNpm() !== npm && !begun) begin(SIGNALS.SIGHUP);
    }, PARENT_CHECK_MS).unref();
  }
  return { stopFirst: (stop) => stops.push(stop), hasBegun: () => begun };
};
