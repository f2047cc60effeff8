import { vi } from "vitest";

/** In Auckland, where the tests' phones are: eleven in the morning, ten in winter. */
const MORNING_UTC_HOUR = 22;

/**
 * Moves "now" to a morning in Auckland, from where it goes on: whoever has not just asked to be rung is rung by day only, and a test that
 * wants the phone to ring has to pass at night too.
 * @returns ends it
 */
export const makeItMorning = (): (() => void) => {
  const now = Date.now.bind(Date);
  const ahead = new Date(now()).setUTCHours(MORNING_UTC_HOUR, 0, 0, 0) - now();
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + ahead);
  return () => clock.mockRestore();
};
