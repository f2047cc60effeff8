import type { MessageStatus, TwilioMessageStatus } from "./message.types.ts";

/**
 * How far a text has come. A report moves it up this list or not at all, so that late, repeated and disordered reports all end at
 * the same state. Of two reports that contradict each other at the end, the one that says it arrived is believed.
 */
const ORDER = [
  "pending", "asking", "unclear", "refused", "accepted", "scheduled", "queued", "sending", "sent", "failed", "canceled", "undelivered", "partially_delivered",
  "delivered", "read",
] as const satisfies MessageStatus[];

const rank = (status: MessageStatus): number => (ORDER as readonly MessageStatus[]).indexOf(status);

/** The states from which a report of this one moves a text forward. Incoming texts have none. */
export const statesBefore = (status: TwilioMessageStatus): MessageStatus[] => ORDER.slice(0, Math.max(0, rank(status)));

/** Whether the text is known not to have arrived. */
export const isLost = (status: MessageStatus): boolean => status === "failed" || status === "undelivered";

/** A text is sent again after so long, in ms, at most as often as there are entries. */
const RESEND_AFTER_MS = [120_000, 900_000] as const;

const RESEND = /^resend:(msg_[0-9a-f]+):(\d+)$/;

export interface Resend {
  /** Names the next text; the one that began the series is in it, so that the same failure told twice asks once. */
  key: string;
  after_ms: number;
}

/** What follows when this text did not arrive for a passing reason; null when it was sent often enough. */
export const nextResend = (message: { id: string; key: string | null }): Resend | null => {
  const [, root, times] = RESEND.exec(message.key ?? "") ?? [];
  const next = root === undefined ? 0 : Number(times);
  const after_ms = RESEND_AFTER_MS[next];
  return after_ms === undefined ? null : { key: `resend:${root ?? message.id}:${next + 1}`, after_ms };
};
