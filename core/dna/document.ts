import { type Document, isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from "yaml";
import { stringifyString } from "yaml/util";
import { AppError, type FieldError } from "../errors.ts";

/* One YAML document of the DNA, read within bounds, and where in it a value stands. */

export type Layer = Record<string, unknown>;
type Path = readonly PropertyKey[];

/** A person writes a DNA of some kilobytes; anything far beyond is a mistake or an attack. */
const MAX_CHARACTERS = 200_000;
const MAX_DEPTH = 24;
const MAX_VALUES = 20_000;
/** References that may be resolved, times what they refer to. */
const MAX_ALIASES = 50;
const MAX_MISTAKES = 50;

export const invalidDna = (errors: FieldError[]): AppError =>
  new AppError({ code: "dna_invalid", status: 422, message: "The DNA is not valid; nothing was changed.", errors: errors.slice(0, MAX_MISTAKES) });

export const isLayer = (value: unknown): value is Layer => typeof value === "object" && value !== null && !Array.isArray(value);

export interface Place {
  line: number;
  column: number;
}

export interface DnaDocument {
  document: Document;
  value: Layer;
  /** Where the value at `path` begins (its key, where it has one); null for what the document does not say. */
  placeOf: (path: Path) => Place | null;
}

/** Folded text is folded again when it is written; everything else keeps its line, however long. */
const keepLines = (tags: Tags): Tags =>
  tags.map((tag) =>
    typeof tag === "object" && tag.collection === undefined && tag.tag === "tag:yaml.org,2002:str"
      ? {
          ...tag,
          stringify: (item, context, onComment, onChompKeep) =>
            stringifyString(item, { ...context, actualString: true, options: { ...context.options, lineWidth: item.type === "BLOCK_FOLDED" ? 120 : 0 } }, onComment, onChompKeep),
        }
      : tag,
  );

/** The nodes on the way to `path`, as far as it goes. */
const walk = (root: unknown, path: Path): { at: Node; depth: number } | null => {
  let [at, depth]: [Node | null, number] = [null, 0];
  let container: unknown = root;
  for (const key of path) {
    if (isMap(container)) {
      const pair = container.items.find(({ key: name }) => (isScalar(name) ? String(name.value) : String(name)) === String(key));
      if (!pair) break;
      at = isNode(pair.key) ? pair.key : isNode(pair.value) ? pair.value : at;
      container = pair.value;
    } else if (isSeq(container)) {
      const item: unknown = container.items[Number(key)];
      if (item === undefined) break;
      if (isNode(item)) at = item;
      container = item;
    } else break;
    depth++;
  }
  return at === null ? null : { at, depth };
};

const tooDeep = (place: Partial<Place> = {}): AppError => invalidDna([{ path: "", message: `nested more than ${MAX_DEPTH} levels deep`, ...place }]);

/** @throws AppError 422 for what is nested too deep, refers to nothing, or is no safe key */
const requireSaneTree = (document: Document, placeOf: (node: unknown) => Partial<Place>): void => {
  const refuse = (path: string, message: string, node: unknown): AppError => invalidDna([{ path, message, ...placeOf(node) }]);
  const visit = (node: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw tooDeep(placeOf(node));
    if (isAlias(node) && !node.resolve(document)) throw refuse("", `*${node.source} refers to nothing that was named before it`, node);
    if (isPair(node)) {
      const name = isScalar(node.key) ? node.key.value : node.key;
      if (isCollection(name) || isAlias(name)) throw refuse("", "a key must be a text, not a map, list or reference", node.key);
      if (name === "__proto__") throw refuse("__proto__", "is not a key that a DNA can have", node.key);
      visit(node.value, depth);
    } else if (isCollection(node)) for (const item of node.items) visit(item, depth + 1);
  };
  visit(document.contents, 0);
};

/** With every reference followed: they multiply, and one that refers to what it stands in has no end. */
const requireSaneValue = (root: unknown): void => {
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH) throw tooDeep();
    if (++values > MAX_VALUES) throw invalidDna([{ path: "", message: `more than ${MAX_VALUES} values` }]);
    if (typeof value === "object" && value !== null) for (const item of Object.values(value)) visit(item, depth + 1);
  };
  visit(root, 0);
};

const readTree = (yaml: string, lineCounter: LineCounter): Document => {
  try {
    return parseDocument(yaml, { prettyErrors: true, lineCounter, customTags: keepLines });
  } catch (error) {
    // The parser descends by recursion: brackets by the thousand end its stack.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
};

/**
 * Reads one YAML document. An empty document is an empty layer.
 * @throws AppError 422 with line and column of every syntax error; size, depth and references are bounded (no YAML bomb)
 */
export const readDocument = (yaml: string): DnaDocument => {
  if (yaml.length > MAX_CHARACTERS) throw invalidDna([{ path: "", message: `longer than ${MAX_CHARACTERS} characters` }]);
  const lineCounter = new LineCounter();
  const document = readTree(yaml, lineCounter);
  const placeOfNode = (node: unknown): Partial<Place> => {
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start === undefined) return {};
    const { line, col } = lineCounter.linePos(start);
    return { line, column: col };
  };
  if (document.errors.length > 0) {
    throw invalidDna(
      document.errors.map((error) => {
        const [start] = error.linePos ?? [];
        const message = (error.message.split("\n")[0] ?? error.code).replace(/ at line \d+, column \d+:?$/, "");
        return start ? { path: `line ${start.line}, column ${start.col}`, message, line: start.line, column: start.col } : { path: "", message };
      }),
    );
  }
  requireSaneTree(document, placeOfNode);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw invalidDna([{ path: "", message: error instanceof Error ? error.message : "cannot be read" }]);
  }
  requireSaneValue(value);
  if (value !== null && value !== undefined && !isLayer(value)) throw invalidDna([{ path: "", message: "must be a map of keys and values", line: 1, column: 1 }]);
  return {
    document,
    value: value ?? {},
    placeOf: (path) => {
      const found = walk(document.contents, path);
      const { line, column } = found?.depth === path.length ? placeOfNode(found.at) : {};
      return line === undefined || column === undefined ? null : { line, column };
    },
  };
};
