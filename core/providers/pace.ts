/** Our place in the queue at a vendor that allows all of our tenants together one request every so often. */
export interface Turns {
  /** Resolves when it is our turn. @throws AppError 503 `vendor_busy`, retryable, with how long to wait, when that is too long for a request to hang */
  turn(): Promise<void>;
  /** The vendor wants to be left alone, by all of us, for so many ms. */
  hold(forMs: number): Promise<void>;
}
