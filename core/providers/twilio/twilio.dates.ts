/**
 * Twilio's clock is not ours, which may have been wrong at that moment. Whatever is known to be something else is told apart by its SID, so
 * that a wide margin costs nothing, and a narrow one a call or a text that is made twice.
 */
const TOLERANCE_MS = 900_000;

/**
 * Whether something that Twilio lists (RFC 2822 date, whole seconds) may have been made since a moment of ours.
 * @param sinceMs real time in ms: Twilio's clock does not follow a rehearsal's
 */
export const isNotBefore = (date: string | null | undefined, sinceMs: number): boolean => {
  const made = date ? Date.parse(date) : NaN;
  return Number.isNaN(made) || made >= sinceMs - TOLERANCE_MS;
};
