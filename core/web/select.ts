import type { Element } from "./dom.ts";

/*
 * The part of CSS selectors that people need to name what is in a list: `tag`, `*`, `#id`, `.class`, `[attr]`, `[attr=v]`, `[attr^=v]`,
 * `[attr$=v]`, `[attr*=v]`, `[attr~=v]`, descendants (space), children (`>`), and several by commas.
 */

type Test = (element: Element) => boolean;

interface Step {
  tests: Test[];
  /** Whether the step before it must be met by the parent itself, not by just any ancestor. */
  isChild: boolean;
}

const NAME = String.raw`-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*`;
const PIECE = new RegExp(String.raw`^(?:(\*|${NAME})|#(${NAME})|\.(${NAME})|\[\s*(${NAME}(?::${NAME})?)\s*(?:([~^$*]?)=\s*(?:"([^"]*)"|'([^']*)'|([^\]\s"']+))\s*)?\])`);
/** A bit each, in a number. */
const MAX_STEPS = 16;

const words = (text: string | undefined): string[] => (text ?? "").split(/\s+/);

const attributeTest = (name: string, operator: string | undefined, value: string): Test => (element) => {
  const found = element.attributes[name];
  if (found === undefined) return false;
  switch (operator) {
    case undefined:
      return true;
    case "^":
      return value !== "" && found.startsWith(value);
    case "$":
      return value !== "" && found.endsWith(value);
    case "*":
      return value !== "" && found.includes(value);
    case "~":
      return words(found).includes(value);
    default:
      return found === value;
  }
};

const testOf = ([, tag, id, className, attribute, operator, double, single, bare]: RegExpExecArray): Test => {
  if (tag !== undefined) return tag === "*" ? () => true : (element) => element.name === tag.toLowerCase();
  if (id !== undefined) return (element) => element.attributes["id"] === id;
  if (className !== undefined) return (element) => words(element.attributes["class"]).includes(className);
  return attributeTest((attribute ?? "").toLowerCase(), operator, double ?? single ?? bare ?? "");
};

const parseOne = (selector: string): Step[] | null => {
  const steps: Step[] = [];
  let rest = selector.trim();
  let isChild = false;
  while (rest !== "") {
    const step: Step = { tests: [], isChild };
    for (let piece = PIECE.exec(rest); piece !== null; piece = PIECE.exec(rest)) {
      // A tag stands first, or it is another word.
      if (piece[1] !== undefined && step.tests.length > 0) return null;
      step.tests.push(testOf(piece));
      rest = rest.slice(piece[0].length);
    }
    if (step.tests.length === 0) return null;
    steps.push(step);
    const between = /^\s*(>?)\s*/.exec(rest);
    isChild = between?.[1] === ">";
    if (between?.[0] === "" && rest !== "") return null;
    rest = rest.slice(between?.[0].length ?? 0);
    if (rest === "" && isChild) return null;
  }
  return steps.length === 0 || steps.length > MAX_STEPS ? null : steps;
};

/** Commas within brackets are a value's. */
const parseAll = (selector: string): Step[][] | null => {
  const parts = selector.split(/,(?![^[]*\])/).map(parseOne);
  const whole = parts.filter((part) => part !== null);
  return whole.length === parts.length ? whole : null;
};

/** Whether `select` understands it. */
export const isSelector = (selector: string): boolean => parseAll(selector) !== null;

/** What one selector's steps are met by, in one walk: its cost is the document's size times the steps, however they nest. */
const walk = (root: Element, steps: Step[], found: Set<Element>): void => {
  const last = steps.length - 1;
  const visit = (element: Element, above: number, parent: number): void => {
    let met = 0;
    for (const [index, { tests, isChild }] of steps.entries()) {
      const before = index === 0 || ((isChild ? parent : above) & (1 << (index - 1))) !== 0;
      if (before && tests.every((test) => test(element))) met |= 1 << index;
    }
    if ((met & (1 << last)) !== 0) found.add(element);
    for (const child of element.children) if (typeof child !== "string") visit(child, above | met, met);
  };
  for (const child of root.children) if (typeof child !== "string") visit(child, 0, 0);
};

/**
 * Elements below `root` that a selector names, in the order of the document. `>` before the first step is not known.
 * @returns nothing for a selector that is none
 */
export const select = (root: Element, selector: string): Element[] => {
  const found = new Set<Element>();
  for (const steps of parseAll(selector) ?? []) walk(root, steps, found);
  if (found.size < 2 || !selector.includes(",")) return [...found];
  const ordered: Element[] = [];
  const collect = (element: Element): void => {
    if (found.has(element)) ordered.push(element);
    for (const child of element.children) if (typeof child !== "string") collect(child);
  };
  collect(root);
  return ordered;
};
