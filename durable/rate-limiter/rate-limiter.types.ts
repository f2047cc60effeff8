import type { RateClass, RateLimit } from "../../core/security/limits.ts";

export interface TakeRequest {
  /** Who asks, e.g. `user:…`. */
  key: string;
  class: RateClass;
  limit: RateLimit;
}

export interface TakeAnswer {
  allowed: boolean;
  /** Requests left at this moment. */
  remaining: number;
  /** Requests that the bucket holds when full. */
  limit: number;
  /** Seconds, rounded up, until it is full again. */
  reset_s: number;
  /** Seconds, rounded up, until there is room for one more; 0 when there is. */
  retry_after_s: number;
}
