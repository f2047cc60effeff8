import { formsAt, formsOf, type JsonSchema } from "./json-schema.ts";

/* What may be written where the cursor is: told by indentation, since what is being written can rarely be parsed. */

export interface Completion {
  label: string;
  /** What is put in place of what was typed. */
  apply: string;
  detail: string;
  info?: string | undefined;
}

interface Token {
  indent: number;
  /** "-" for an item of a list. */
  key: string;
}

const LINE = /^( *)((?:- +)*)(?:(?:"([^"]+)"|'([^']+)'|([^\s#:"'[\]{},-][^:#]*?)) *:(?: |$))?/;

/** `  - name: Dave` is an item at 2 and a key at 4. */
const tokensOf = (line: string): Token[] => {
  if (/^\s*(#|$)/.test(line)) return [];
  const [, spaces = "", dashes = "", ...names] = LINE.exec(line) ?? [];
  const tokens: Token[] = [...dashes.matchAll(/-/g)].map(({ index }) => ({ indent: spaces.length + index, key: "-" }));
  const key = names.find(Boolean);
  return key === undefined ? tokens : [...tokens, { indent: spaces.length + dashes.length, key }];
};

/** The keys around what stands at `indent` below those lines, outermost first. */
const pathAbove = (lines: readonly string[], indent: number, isItem: boolean): string[] => {
  const path: string[] = [];
  let [limit, item] = [indent, isItem];
  for (const line of lines.toReversed()) {
    for (const token of tokensOf(line).toReversed()) {
      // A list may stand no deeper than the key that it belongs to.
      if (token.indent < limit || (item && token.key !== "-" && token.indent === limit)) {
        path.unshift(token.key);
        [limit, item] = [token.indent, token.key === "-"];
      }
    }
    if (limit === 0 && !item) break;
  }
  return path;
};

/** Keys that stand beside what is at line `at`, in the same map. */
const siblingsOf = (lines: readonly string[], at: number, indent: number, startsItem: boolean): Set<string> => {
  const found = new Set<string>();
  for (const direction of startsItem ? [1] : [-1, 1]) {
    for (let index = at + direction; index >= 0 && index < lines.length; index += direction) {
      const tokens = tokensOf(lines[index] ?? "");
      const [first] = tokens;
      if (first === undefined) continue;
      const own = tokens.find((token) => token.indent === indent && token.key !== "-");
      if (own !== undefined && (first === own || direction < 0)) found.add(own.key);
      if (first.indent < indent) break;
    }
  }
  return found;
};

const typeOf = ([form]: readonly JsonSchema[]): string => (form?.enum === undefined ? (form?.type ?? "") : form.enum.join(" | "));

const afterKey = ([form]: readonly JsonSchema[], indent: number): string => {
  if (form?.type === "object") return `:\n${" ".repeat(indent + 2)}`;
  if (form?.type === "array") return `:\n${" ".repeat(indent + 2)}- `;
  return ": ";
};

const valuesOf = (forms: readonly JsonSchema[]): Completion[] =>
  forms.flatMap((form) => {
    const values = form.enum ?? (form.const === undefined ? (form.type === "boolean" ? ["true", "false"] : []) : [form.const]);
    return values.map((value) => ({ label: value, apply: value, detail: "", info: form.description }));
  });

/** @param position in characters from the beginning of `text` @returns null where nothing is known */
export const completionsAt = (schema: JsonSchema, text: string, position: number): { from: number; options: Completion[] } | null => {
  const lines = text.split("\n");
  const at = text.slice(0, position).split("\n").length - 1;
  const before = text.slice(text.lastIndexOf("\n", position - 1) + 1, position);

  const key = /^( *)((?:- +)*)([\w-]*)$/.exec(before);
  if (key !== null) {
    const [, spaces = "", dashes = "", typed = ""] = key;
    const indent = spaces.length + dashes.length;
    const path = [...pathAbove(lines.slice(0, at), spaces.length, dashes !== ""), ...(dashes.match(/-/g) ?? [])];
    const forms = path.length === 0 ? formsOf(schema) : formsAt(schema, path);
    const taken = siblingsOf(lines, at, indent, dashes !== "");
    const keys = forms.flatMap(({ properties = {} }) => Object.entries(properties));
    const options = new Map(keys.flatMap(([name, part]): [string, Completion][] => {
      if (taken.has(name)) return [];
      const parts = formsOf(part);
      return [[name, { label: name, apply: `${name}${afterKey(parts, indent)}`, detail: typeOf(parts), info: parts[0]?.description }]];
    }));
    // An item of a list of words.
    return { from: position - typed.length, options: [...options.values(), ...(dashes === "" ? [] : valuesOf(forms))] };
  }

  const value = /^( *)((?:- +)*)([\w-]+): +([\w-]*)$/.exec(before);
  if (value === null) return null;
  const [, spaces = "", dashes = "", name = "", typed = ""] = value;
  const path = [...pathAbove(lines.slice(0, at), spaces.length, dashes !== ""), ...(dashes.match(/-/g) ?? []), name];
  return { from: position - typed.length, options: valuesOf(formsAt(schema, path)) };
};
