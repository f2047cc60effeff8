import * as z from "zod/mini";

const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/));

/** What the address says of the page: it can be sent to somebody. */
export const reportsSearch = z.object({ period: z.optional(z.enum(["week", "month", "quarter", "year", "custom"])), from: z.optional(day), to: z.optional(day), alone: z.optional(z.boolean()) });
export type ReportsSearch = z.infer<typeof reportsSearch>;
