/** Whose lease it is: one call. */
export interface LeaseHolder {
  tenant_id: string;
  project_id: string;
  call_id: string;
  /** Where one call holds several phones at once: which of them this lease is for. */
  slot?: string;
}

export interface LeaseRequest {
  holder: LeaseHolder;
  /** Any of these phones will do; the first that is free is given. E.164. */
  phones: string[];
  /** When the lead came in, ms: the freshest goes first, and each that was not tried yet before any that was. */
  received_at: number;
  retry?: boolean;
  /** The lease ends by itself after this, should its holder die. */
  ttl_ms: number;
  /** Give back the lease that is held and take one of these instead. */
  instead?: boolean;
}

export type LeaseAnswer =
  | { granted: true; phone: string }
  /** The dialer will say when the turn comes; asking again at `retry_at` is for the case that it was not heard. */
  | { granted: false; retry_at: number };
