import { z } from "zod";

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

/** What the address says of the page: it can be sent to somebody. */
export const reportsSearch = z.object({ period: z.enum(["week", "month", "quarter", "year", "custom"]).optional(), from: day.optional(), to: day.optional(), alone: z.boolean().optional() });
export type ReportsSearch = z.infer<typeof reportsSearch>;
