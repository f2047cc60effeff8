import { AppError } from "../../../core/errors.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";

/** Longer than everything that is done with one page takes at worst: a dozen requests of 20 s each. */
const LEASE_MS = 5 * 60_000;
const BUSY_MS = 5_000;

const BUSY = "publish_busy";
const busy = (): AppError => new AppError({ code: BUSY, status: 503, message: "Another run is at work on it.", retryable: true, retryAfterMs: BUSY_MS });
export const isBusy = (error: unknown): boolean => error instanceof AppError && error.code === BUSY;

/**
 * Does something while no other run does the same.
 * @throws AppError 503 `publish_busy` while another has it
 */
export const withLease = async <T>({ memory, project_id, holder }: { memory: Pick<TenantMemory, "leases">; project_id: string; holder: string }, name: string, work: () => Promise<T>): Promise<T> => {
  if (!(await memory.leases.take({ project_id, name, holder }, LEASE_MS))) throw busy();
  try {
    return await work();
  } finally {
    await memory.leases.release(name, holder);
  }
};
