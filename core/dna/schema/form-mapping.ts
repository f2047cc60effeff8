import { z } from "zod";
import { text } from "./primitives.ts";

/** The names of a form's own fields, where Apex would not guess what they mean. */
export const formMappingSchema = z.looseObject({
  name: text(120).optional(),
  phone: text(120).optional(),
  email: text(120).optional(),
  message: text(120).optional(),
  service: text(120).optional(),
  place: text(120).optional(),
});
