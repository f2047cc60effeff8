import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from "yaml";
import { isLayer, type Layer, readDocument } from "./document.ts";

/*
 * Changing a person's YAML through the API: only what the change names is touched, so that comments, order and the way
 * things are written stay theirs.
 */

/** What a document says there, without its comments; references are followed. */
const valueOf = (document: Document, node: unknown): unknown => (isNode(node) ? node.toJS(document) as unknown : node);

const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isLayer(a) || !isLayer(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
};

const create = (document: Document, value: unknown): Node => document.createNode(value, { aliasDuplicateObjects: false });

/** RFC 7396: a map inside of a patch that meets no map is laid over an empty one. */
const withoutNulls = (value: unknown): unknown =>
  isLayer(value) ? Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]]))) : value;

const pairOf = (map: YAMLMap, name: string): Pair | undefined => map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === name);

const set = (document: Document, map: YAMLMap, name: string, value: Node): void => {
  const pair = pairOf(map, name);
  if (pair) pair.value = value;
  else {
    // An empty `{}` would have everything that follows on its one line.
    if (map.items.length === 0) map.flow = false;
    map.add(document.createPair(name, value));
  }
};

const remove = (map: YAMLMap, name: string): void => {
  const pair = pairOf(map, name);
  if (pair) map.items.splice(map.items.indexOf(pair), 1);
};

/** Items that stay bring their comments along, also to another place; one that changed keeps those of what it still says. */
const listOf = (document: Document, old: YAMLSeq, value: readonly unknown[]): Node => {
  const left = old.items.map((node) => ({ node, value: valueOf(document, node), used: false }));
  const kept = value.map((item) => {
    const found = left.find((candidate) => !candidate.used && same(candidate.value, item));
    if (found) found.used = true;
    return found?.node;
  });
  old.items = value.map((item, index) => {
    const known = kept[index];
    if (known !== undefined) return known;
    const rival = left[index];
    if (!rival || rival.used) return create(document, item);
    rival.used = true;
    return become(document, rival.node, item);
  });
  if (old.items.length === 0) old.flow = true;
  else if (left.length === 0) old.flow = false;
  return old;
};

/** A node that says `value`: the old one where that can be, with the comments of what is still there. */
const become = (document: Document, old: unknown, value: unknown): Node => {
  if (isNode(old) && same(valueOf(document, old), value)) return old;
  if (isMap(old) && isLayer(value)) {
    for (const { key } of [...old.items]) {
      const name = String(isScalar(key) ? key.value : key);
      if (!Object.hasOwn(value, name)) remove(old, name);
    }
    for (const [name, item] of Object.entries(value)) set(document, old, name, become(document, pairOf(old, name)?.value, item));
    return old;
  }
  if (isSeq(old) && Array.isArray(value)) return listOf(document, old, value);
  const node = create(document, value);
  if (isNode(old) && !isAlias(old)) {
    node.spaceBefore = old.spaceBefore ?? false;
    node.commentBefore = old.commentBefore ?? null;
    node.comment = old.comment ?? null;
  }
  return node;
};

const merge = (document: Document, map: YAMLMap, patch: Layer): void => {
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      remove(map, name);
      continue;
    }
    const old = pairOf(map, name)?.value;
    if (isLayer(value) && isMap(old)) merge(document, old, value);
    else set(document, map, name, become(document, old, withoutNulls(value)));
  }
};

/** How the document is written, as far as the writer lets one choose. */
const styleOf = (yaml: string) => {
  const [tight, spaced] = [/(?:[:,[-] )(?:\{[^\s}][^\n]*: |\[[^\s\]])/g, /(?:[:,[-] )(?:\{ |\[ )/g].map((form) => yaml.match(form)?.length ?? 0);
  return {
    // Both ways of indenting a list are common, and either should stay.
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n\1- /m.test(yaml),
    flowCollectionPadding: (spaced ?? 0) >= (tight ?? 0),
    lineWidth: 0,
  };
};

/** Each reference becomes a copy of what it stands for; without one nothing changes. */
const expandReferences = (document: Document): void => {
  let references = 0;
  visit(document, {
    Alias: (_, alias) => {
      references++;
      return create(document, valueOf(document, alias));
    },
  });
  if (references === 0) return;
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) delete node.anchor;
    },
  });
};

const mergePatch = (value: unknown, patch: Layer): Layer => {
  const merged: Layer = isLayer(value) ? { ...value } : {};
  for (const [name, item] of Object.entries(patch)) {
    if (item === null) Reflect.deleteProperty(merged, name);
    else merged[name] = isLayer(item) ? mergePatch(merged[name], item) : item;
  }
  return merged;
};

const edit = (document: Document, patch: Layer, style: ReturnType<typeof styleOf>): string => {
  const root = isMap(document.contents) ? document.contents : create(document, {});
  document.contents = root;
  if (isMap(root)) merge(document, root, patch);
  return document.toString(style);
};

/**
 * A JSON merge patch (RFC 7396) of a YAML document: maps merge, anything else replaces, `null` takes the key out of the
 * document, so that the layers below speak again.
 * @throws AppError 422 when `yaml` cannot be read
 */
export const patchYaml = (yaml: string, patch: Layer): string => {
  const { document, value } = readDocument(yaml);
  const style = styleOf(yaml);
  const expected = mergePatch(value, patch);
  // A change of what is referred to from elsewhere would show there too, and a reference may lose what it refers to.
  expandReferences(document);
  const edited = edit(document, patch, style);
  if (!same(readDocument(edited).value, expected)) throw new Error("a patched document does not say what it should");
  return edited;
};
