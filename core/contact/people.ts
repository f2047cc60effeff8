import { z } from "zod";
import { type Dna, peopleOf } from "../dna/schema.ts";

const phoneSchema = z.string().regex(/^\+[1-9]\d{6,14}$/);
const contactSchema = z.union([phoneSchema, z.looseObject({ phone: phoneSchema }).transform(({ phone }) => phone)]).nullable().catch(null);

/** Whom the business names for when its people cannot be reached. */
const fallbackOf = (dna: Dna): string | null => contactSchema.parse(dna.modules.lead_gen.sales_bridge.fallback_contact ?? null);

/** The phones of the business's own people, in the order in which they are rung; the one for emergencies is the last. */
export const ownPhones = (dna: Dna): string[] => {
  const fallback = fallbackOf(dna);
  return [...new Set([...peopleOf(dna.modules.lead_gen.sales_bridge).map(({ phone }) => phone), ...(fallback === null ? [] : [fallback])])];
};

/** Who is told that something is broken: somebody else than the one whom it cannot be told. Null when there is nobody. */
export const alertPhone = (dna: Dna, unreachable: string | null): string | null => {
  const fallback = fallbackOf(dna);
  return [...(fallback === null ? [] : [fallback]), ...ownPhones(dna)].find((phone) => phone !== unreachable) ?? null;
};
