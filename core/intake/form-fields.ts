/** A form as it was sent: names to text, nested where the sender nested. Objects have no prototype, so any name is safe. */
export interface Fields {
  [name: string]: FieldValue;
}
export type FieldValue = string | FieldValue[] | Fields;

/** Bounds that no real form comes near. What lies beyond is left out, never an error: half a lead is still a lead. */
export const FORM_LIMITS = { depth: 6, values: 1000, nameLength: 200, valueLength: 10_000 } as const;

/**
 * Makes Fields of what a decoder returned. Numbers and booleans become text, null and undefined are left out, a top-level
 * list gets its indices as names. Null for what isn't a form at all (a bare string or number). Never throws.
 */
export const toFields = (decoded: unknown): Fields | null => {
  if (typeof decoded !== "object" || decoded === null) return null;
  const fields = convert(Array.isArray(decoded) ? Object.fromEntries(decoded.entries()) : decoded, 0, { values: FORM_LIMITS.values });
  return fields === undefined || typeof fields === "string" || Array.isArray(fields) ? null : fields;
};

export const isFields = (value: FieldValue | undefined): value is Fields =>
  typeof value === "object" && !Array.isArray(value);

/** `budget` is shared by the whole form: many small branches are bounded as well as one big one. */
const convert = (value: unknown, depth: number, budget: { values: number }): FieldValue | undefined => {
  if (typeof value === "string") return value.slice(0, FORM_LIMITS.valueLength);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null || depth >= FORM_LIMITS.depth) return undefined;

  if (Array.isArray(value)) {
    const list: FieldValue[] = [];
    for (const item of value) {
      if (budget.values-- <= 0) break;
      const converted = convert(item, depth + 1, budget);
      if (converted !== undefined) list.push(converted);
    }
    return list;
  }

  const fields = Object.create(null) as Fields;
  for (const [name, item] of Object.entries(value)) {
    if (budget.values-- <= 0) break;
    // Harmless here, but not once somebody copies it into an ordinary object.
    if (name === "__proto__") continue;
    const converted = convert(item, depth + 1, budget);
    if (converted !== undefined) fields[name.slice(0, FORM_LIMITS.nameLength)] = converted;
  }
  return fields;
};
