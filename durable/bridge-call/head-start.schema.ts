import { z } from "zod";

const reservationSchema = z.intersection(
  z.object({ last_unasked_at: z.number().nullable() }),
  z.discriminatedUnion("reserved", [
    z.object({ reserved: z.literal(true) }),
    z.object({ reserved: z.literal(false), cap: z.enum(["calls_per_hour", "calls_per_day", "sms_per_hour", "sms_per_day", "money_per_month_micros"]), retry_at: z.number().nullable() }),
  ]),
);

/** What was found out while the lead was being stored, so that its object can dial at once. */
export const headStartSchema = z.object({
  /** The phone whose lease the dialer has given to this call. */
  phone: z.string(),
  nonce: z.string(),
  /** What the opt-out list said of everybody concerned, in the very transaction that stored the lead. */
  suppressed: z.array(z.object({ phone: z.string(), channel: z.enum(["call", "sms"]), kind: z.enum(["opt_out", "undeliverable"]), since: z.number() })),
  /** The caps' answers for the customer and for that person; null where the limiter could not be reached. */
  reservations: z.object({ customer: reservationSchema.nullable(), owner: reservationSchema.nullable() }),
});
export type HeadStart = z.infer<typeof headStartSchema>;
