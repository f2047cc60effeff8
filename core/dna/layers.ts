import { deepmergeCustom } from "deepmerge-ts";
import { parseDocument } from "yaml";
import { AppError, type FieldError, fieldErrors } from "../errors.ts";
import { type Dna, dnaSchema } from "./schema.ts";

export type Layer = Record<string, unknown>;

/** A person writes a DNA of some kilobytes; anything far beyond is a mistake or an attack. */
const MAX_BYTES = 200_000;

const invalidDna = (errors: FieldError[]): AppError =>
  new AppError({ code: "dna_invalid", status: 422, message: "The DNA is not valid; nothing was changed.", errors });

const isLayer = (value: unknown): value is Layer => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads one YAML document as a layer. An empty document is an empty layer.
 * @throws AppError 422 with line and column of every syntax error; aliases are bounded (no YAML bomb)
 */
export const parseLayer = (yaml: string): Layer => {
  if (yaml.length > MAX_BYTES) throw invalidDna([{ path: "", message: `longer than ${MAX_BYTES} characters` }]);
  const document = parseDocument(yaml, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw invalidDna(
      document.errors.map((error) => {
        const [start] = error.linePos ?? [];
        return { path: start ? `line ${start.line}, column ${start.col}` : "", message: error.message.split("\n")[0] ?? error.code };
      }),
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 50 });
    if (value === null || value === undefined) return {};
    if (!isLayer(value)) throw invalidDna([{ path: "", message: "must be a map of keys and values" }]);
    return value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalidDna([{ path: "", message: error instanceof Error ? error.message : "cannot be read" }]);
  }
};

/** Maps merge, lists replace. */
const merge = deepmergeCustom({ mergeArrays: false });

const withoutNulls = (value: unknown): unknown => {
  if (!isLayer(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])));
};

/**
 * Lays the layers over each other, the later ones on top (`null` removes a value), and checks the result.
 * @throws AppError 422 that names the path of each mistake
 */
export const effectiveDna = (...layers: Layer[]): Dna => {
  const parsed = dnaSchema.safeParse(withoutNulls(merge(...layers)));
  if (!parsed.success) throw invalidDna(fieldErrors(parsed.error.issues));
  return parsed.data;
};
