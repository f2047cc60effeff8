import { AppError } from "../errors.ts";

/** Our place in the queue at a vendor that all of our tenants share. */
export interface Turns {
  /** Does one request in our turn. @throws AppError 503 `vendor_busy`, retryable, with how long to wait, when that is too long for a request to hang; and what the request throws */
  during<T>(request: () => Promise<T>): Promise<T>;
  /** The vendor wants to be left alone, by all of us, for so many ms. */
  hold(forMs: number): Promise<void>;
}

/** Does one request once there is room for it at the vendor. `lastsMs`: how long it may take. @throws AppError `vendor_busy`, and what the request throws */
export type Admit = <T>(request: () => Promise<T>, asked: { lastsMs: number; signal?: AbortSignal | undefined }) => Promise<T>;

const CODE = "vendor_busy";

/** Nothing has been asked of the vendor: our own tenants stand in each other's way there. */
export const vendorBusy = (vendor: string, retryAfterMs: number): AppError =>
  new AppError({ code: CODE, status: 503, message: `Too much is asked of ${vendor} at the moment.`, retryable: true, retryAfterMs });

export const isVendorBusy = (error: unknown): error is AppError => error instanceof AppError && error.code === CODE;
