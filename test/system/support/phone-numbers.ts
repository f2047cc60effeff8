let next = 100;

/**
 * A New Zealand mobile number that nobody had before in this file. Who is at it goes by its last four digits
 * (sandbox/twilio/behaviours.data.ts); by default a person who answers and presses 1.
 */
export const phoneNumber = (suffix = "0001"): string => {
  next += 1;
  return `+6421${next}${suffix}`;
};

/** As a person in New Zealand would type it. */
export const asTyped = (e164: string): string => e164.replace(/^\+64(\d\d)(\d{3})(\d+)$/, "0$1 $2 $3");
