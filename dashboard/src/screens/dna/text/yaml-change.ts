import { type Document, isAlias, isCollection, isMap, isNode, isScalar, isSeq, type Node, stringify, visit, type YAMLSeq } from "yaml";
import { isRecord, parseText, type Path, readText } from "./yaml-text.ts";

/*
 * A person's YAML, changed by a form: what the change does not name stays as it was written. A plain value is exchanged in
 * the text itself; anything else goes through the document, which keeps comments and order.
 */

const same = (a: unknown, b: unknown): boolean => {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isRecord(a) || !isRecord(b)) return Object.is(a, b);
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
};

/** What a value says with another one at `path`; maps are made on the way where there are none. */
export const withValue = (value: unknown, path: Path, next: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  if (Array.isArray(value) && typeof key === "number") {
    const items: readonly unknown[] = value;
    return key === items.length ? [...items, withValue(undefined, rest, next)] : items.map((item, index) => (index === key ? withValue(item, rest, next) : item));
  }
  const known = isRecord(value) ? value : {};
  return { ...known, [key]: withValue(known[key], rest, next) };
};

/** Both ways of indenting a list are common, and so are `[a]` and `[ a ]`; either should stay. */
const styleOf = (text: string) => {
  const count = (form: RegExp): number => text.match(form)?.length ?? 0;
  return {
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1- /m.test(text),
    flowCollectionPadding: count(/(?:[:,[-] )(?:\{ |\[ )/g) >= count(/(?:[:,[-] )(?:\{[^\s}][^\n]*: |\[[^\s\]])/g),
    lineWidth: 0,
  };
};

/** A plain value in place of another: only its own characters change. Null where the text around would not bear that. */
const exchange = (text: string, document: Document, path: Path, value: unknown, expected: unknown): string | null => {
  const old = document.getIn(path, true);
  if (!isScalar(old) || !old.range || old.anchor !== undefined || old.type === "BLOCK_FOLDED" || old.type === "BLOCK_LITERAL") return null;
  if (typeof value === "object" || (typeof value === "string" && value.includes("\n")) || old.range[0] === old.range[1]) return null;
  const quotes = old.type === "QUOTE_DOUBLE" || old.type === "QUOTE_SINGLE" ? old.type : "PLAIN";
  const written = stringify(value, { lineWidth: 0, defaultStringType: quotes }).trimEnd();
  const changed = text.slice(0, old.range[0]) + written + text.slice(old.range[1]);
  const reading = readText(changed);
  return reading.mistakes.length === 0 && same(reading.value, expected) ? changed : null;
};

/** A change of what is referred to would show elsewhere too: each reference becomes a copy. */
const expandReferences = (document: Document): void => {
  let references = 0;
  visit(document, {
    Alias: (_, alias) => {
      references++;
      return document.createNode(alias.toJS(document), { aliasDuplicateObjects: false });
    },
  });
  if (references > 0) visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) delete node.anchor;
    },
  });
};

/** Items that say the same stay, with their comments. */
const listOf = (document: Document, old: YAMLSeq, value: readonly unknown[]): Node => {
  const left = [...old.items];
  const items = value.map((item) => {
    const at = left.findIndex((node) => isNode(node) && same(node.toJS(document), item));
    return at < 0 ? document.createNode(item) : left.splice(at, 1)[0];
  });
  if (old.items.length === 0) old.flow = false;
  old.items = items;
  if (items.length === 0) old.flow = true;
  return old;
};

const nodeFor = (document: Document, old: unknown, value: unknown): Node => {
  if (isSeq(old) && Array.isArray(value)) return listOf(document, old, value);
  const node = document.createNode(value, { aliasDuplicateObjects: false });
  if (isNode(old) && !isAlias(old)) {
    node.spaceBefore = old.spaceBefore ?? false;
    node.commentBefore = old.commentBefore ?? null;
    node.comment = old.comment ?? null;
  }
  return node;
};

/** Where something else than a map or list stands in the way of `path`, there is an empty map afterwards. */
const clearWay = (document: Document, path: Path): void => {
  if (!isCollection(document.contents)) document.contents = document.createNode({});
  for (let depth = 0; depth < path.length; depth++) {
    const here = path.slice(0, depth);
    const node = depth === 0 ? document.contents : document.getIn(here, true);
    if (!isCollection(node) || (isSeq(node) && typeof path[depth] !== "number")) document.setIn(here, nodeFor(document, node, {}));
    else if (node.items.length === 0 && isMap(node)) node.flow = false;
  }
};

/** @returns the text unchanged where it cannot be read */
const change = (text: string, edit: (document: Document) => void): string => {
  const document = parseText(text);
  if (document.errors.length > 0) return text;
  expandReferences(document);
  edit(document);
  return document.toString(styleOf(text));
};

/** The text with a value at `path`. @returns the text unchanged where it cannot be read */
export const setIn = (text: string, path: Path, value: unknown): string => {
  const document = parseText(text);
  if (document.errors.length > 0) return text;
  const exchanged = exchange(text, document, path, value, withValue(document.toJS(), path, value));
  if (exchanged !== null) return exchanged;
  return change(text, (fresh) => {
    clearWay(fresh, path);
    fresh.setIn(path, nodeFor(fresh, fresh.getIn(path, true), value));
  });
};

/** The text without what is at `path`, nor the maps around it that hold nothing else: the layers below speak again. */
export const removeIn = (text: string, path: Path): string =>
  change(text, (document) => {
    if (!document.hasIn(path) || !isMap(document.contents)) return;
    const [first] = document.contents.items;
    document.deleteIn(path);
    for (let depth = path.length - 1; depth > 0; depth--) {
      const around = document.getIn(path.slice(0, depth), true);
      if (!isMap(around) || around.items.length > 0 || typeof path[depth - 1] === "number") break;
      document.deleteIn(path.slice(0, depth));
    }
    // What stands above the first key is about the document as well.
    const heading = isNode(first?.key) && document.contents.items[0] !== first ? first.key.commentBefore : null;
    if (heading !== null && heading !== undefined) document.commentBefore = [document.commentBefore, heading].filter(Boolean).join("\n");
  });

/** The text with an item of the list at `path` in another place, its comments along. */
export const moveIn = (text: string, path: Path, from: number, to: number): string =>
  change(text, (document) => {
    const list = document.getIn(path, true);
    if (!isSeq(list)) return;
    const [item] = list.items.splice(from, 1);
    list.items.splice(to, 0, item);
  });
