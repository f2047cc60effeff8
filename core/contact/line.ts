/** A number that calls and texts go out from, and the Twilio account that it is of. */
export interface Line {
  /** E.164. */
  from: string;
  /** Null: the service's own account. */
  account_sid: string | null;
}

/** A project's own line; null where it has none: then it is the service's number. */
export const lineOf = ({ from_number, from_account }: { from_number: string | null; from_account: string | null }): Line | null =>
  from_number === null ? null : { from: from_number, account_sid: from_account };
