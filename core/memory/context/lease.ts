import { AppError, describeError } from "../../errors.ts";
import { logger } from "../../log.ts";
import type { ContextStore } from "./context.store.ts";

const log = logger("context");

/** A holder that has not said for so long that it is at work is taken for dead; a live one says so three times as often. */
const LEASE_MS = 60_000;
/** Work of one project takes seconds. */
const RETRY_AFTER_MS = 15_000;

/**
 * Does the work while nobody else changes this project's vectors: two at once could let one upsert what the other has just
 * deleted.
 * @throws AppError 503 `context_busy`, retryable, while another holder is at work
 */
export const withLease = async <T>(store: Pick<ContextStore, "lease" | "release">, projectId: string, holder: string, work: () => Promise<T>): Promise<T> => {
  if (!(await store.lease(projectId, holder, LEASE_MS))) {
    throw new AppError({ code: "context_busy", status: 503, message: "This project's index is being brought up to date by another run.", retryable: true, retryAfterMs: RETRY_AFTER_MS });
  }
  const heartbeat = setInterval(() => {
    store.lease(projectId, holder, LEASE_MS).catch((error: unknown) => log.warn("lease not extended", { project_id: projectId, error: describeError(error) }));
  }, LEASE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await store.release(projectId, holder);
  }
};
