import { z } from "zod";

export const text = (max: number) => z.string().trim().max(max);

/** Part of a URL, in any script that has small letters or none: `hot-water`, `водопровод`. */
export const slugSchema = text(120).regex(/^[\p{Ll}\p{Lo}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{N}]+)*$/u, "must be lower-case words joined by dashes, e.g. hot-water");

const CRON_FIELD = String.raw`(?:\*|\d{1,2}(?:-\d{1,2})?(?:,\d{1,2}(?:-\d{1,2})?)*)(?:/\d{1,2})?`;
const SCHEDULE = new RegExp(`^(?:hourly|daily|weekly|${CRON_FIELD}(?: ${CRON_FIELD}){4})$`);

/** When work is repeated, on the wall clock of the business's time zone. */
export const repetitionSchema = text(60)
  .regex(SCHEDULE, 'must be hourly, daily, weekly or five cron fields such as "0 7 * * 1-5"')
  .describe('How often: hourly, daily, weekly, or five cron fields such as "0 7 * * 1-5" in the business\'s time zone');

/** Search words, areas, names: short texts in a list. */
export const words = (max: number) => z.array(text(120).min(1)).max(max);
export const count = (min: number, max: number) => z.number().int().min(min).max(max);
