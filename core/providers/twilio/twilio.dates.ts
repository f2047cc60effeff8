/** Twilio dates have whole seconds, and its clock is not ours. */
const TOLERANCE_MS = 120_000;

/**
 * Whether something that Twilio lists (RFC 2822 date) may have been made since a moment of ours.
 * @param sinceMs real time in ms: Twilio's clock does not follow a rehearsal's
 */
export const isNotBefore = (date: string | null | undefined, sinceMs: number): boolean => {
  const made = date ? Date.parse(date) : NaN;
  return Number.isNaN(made) || made >= sinceMs - TOLERANCE_MS;
};
