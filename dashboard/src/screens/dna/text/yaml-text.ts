import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Tags } from "yaml";
import { stringifyString } from "yaml/util";

/* A person's YAML, as the form reads it. */

export type Path = readonly (string | number)[];

export interface Mistake {
  /** Keys joined by dots; "" for what is not about one value. */
  path: string;
  message: string;
  line?: number | undefined;
  column?: number | undefined;
}

export interface Reading {
  /** {} while it cannot be read. */
  value: Record<string, unknown>;
  /** Of its syntax. */
  mistakes: Mistake[];
  /** The line, counted from 1, at which the value at `path` or the nearest map around it begins; null for none of it. */
  lineOf: (path: Path) => number | null;
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Folded text is folded again when it is written; everything else keeps its line, however long. As the API writes it. */
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

export const parseText = (text: string, lineCounter = new LineCounter()): Document => parseDocument(text, { prettyErrors: true, lineCounter, customTags: keepLines });

const keyNode = (container: unknown, key: string | number): { key: unknown; value: unknown } | null => {
  if (isMap(container)) return container.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(key)) ?? null;
  if (isSeq(container)) {
    const item = container.items[Number(key)];
    return item === undefined ? null : { key: item, value: item };
  }
  return null;
};

const MAX_DEPTH = 24;
const isDeeper = (value: unknown, levels: number): boolean => typeof value === "object" && value !== null && (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));

export const readText = (text: string): Reading => {
  const lineCounter = new LineCounter();
  const document = parseText(text, lineCounter);
  const nothing = (mistakes: Mistake[]): Reading => ({ value: {}, mistakes, lineOf: () => null });
  if (document.errors.length > 0) {
    return nothing(
      document.errors.map(({ message, code, linePos }) => ({
        path: "",
        message: (message.split("\n")[0] ?? code).replace(/ at line \d+, column \d+:?$/, ""),
        line: linePos?.[0].line,
        column: linePos?.[0].col,
      })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    return nothing([{ path: "", message: error instanceof Error ? error.message : "cannot be read" }]);
  }
  // As the API does: a reference to what it stands in has no end.
  if (isDeeper(value, MAX_DEPTH)) return nothing([{ path: "", message: `nested more than ${MAX_DEPTH} levels deep` }]);
  if (!isRecord(value)) return nothing([{ path: "", message: "must be a map of keys and values", line: 1, column: 1 }]);
  return {
    value,
    mistakes: [],
    lineOf: (path) => {
      let [at, container]: [unknown, unknown] = [null, document.contents];
      for (const key of path) {
        const found = keyNode(container, key);
        if (found === null) break;
        [at, container] = [isNode(found.key) ? found.key : at, found.value];
      }
      const start = isNode(at) ? at.range?.[0] : undefined;
      return start === undefined ? null : lineCounter.linePos(start).line;
    },
  };
};
