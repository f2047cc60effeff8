import { z } from "zod";

/** A time as programs and people send it: ISO 8601 with its zone. Gives ms since the epoch. */
export const isoTime = z.iso.datetime({ offset: true, error: "must be a date and a time with its zone, like 2026-11-01T09:00:00Z" }).transform((time) => Date.parse(time));
