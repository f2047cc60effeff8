/** Twilio dates have whole seconds, and its clock is not ours. */
const TOLERANCE_MS = 120_000;
/** How far back counts when what we noted ourselves says nothing. */
const LOOK_BACK_MS = 3_600_000;

/**
 * Whether something that Twilio lists (RFC 2822 date) may have been made since a moment of ours. A moment that has yet to come was
 * noted by a clock that has been set back since: of what is listed then, all of the last hour may be.
 * @param sinceMs real time in ms: Twilio's clock does not follow a rehearsal's
 * @param nowMs real time in ms
 */
export const isNotBefore = (date: string | null | undefined, sinceMs: number, nowMs: number): boolean => {
  const made = date ? Date.parse(date) : NaN;
  const from = sinceMs > nowMs ? nowMs - LOOK_BACK_MS : sinceMs;
  return Number.isNaN(made) || made >= from - TOLERANCE_MS;
};
