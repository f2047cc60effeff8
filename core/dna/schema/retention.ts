import { z } from "zod";
import { count } from "./primitives.ts";

const days = (what: string) => count(1, 3650).describe(`Days after which ${what} removed`);

/** How long what customers said and left is kept. The audit log is not part of it: it holds no personal data. */
export const retentionSchema = z.looseObject({
  recordings_days: days("a call's audio is").optional(),
  transcripts_days: days("a call's transcript is").optional(),
  leads_days: days("a lead that nothing has happened to is").optional(),
});
