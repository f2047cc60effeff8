import { descendants, type Element } from "./dom.ts";
import { BLOCK, isHidden, NOT_READ, oneLine, webUrl } from "./visible.ts";

/** A line of a page as people see it, with the links that begin in it. */
export interface Line {
  text: string;
  links: { url: string; text: string }[];
}

const MAX_LINES = 4000;
const MAX_TEXT = 120_000;

/**
 * What people see of an element, one block a line; hidden elements are left out.
 * @param base where the page was found: relative links are read from it
 */
export const linesOf = (root: Element, base: string): Line[] => {
  const lines: Line[] = [];
  let size = 0;
  let text = "";
  let links: Line["links"] = [];
  const breakLine = (): void => {
    const line = oneLine(text).replace(/^(?:\| ?)+|(?: ?\|)+$/g, "").trim();
    if ((line !== "" || links.length > 0) && lines.length < MAX_LINES && size < MAX_TEXT) {
      lines.push({ text: line, links });
      size += line.length + 1;
    }
    text = "";
    links = [];
  };
  const visit = (element: Element): void => {
    for (const child of element.children) {
      if (typeof child === "string") {
        text += child;
        continue;
      }
      if (NOT_READ.has(child.name) || isHidden(child.attributes)) continue;
      const isBlock = BLOCK.has(child.name);
      if (isBlock) breakLine();
      if (child.name === "td" || child.name === "th") text += " | ";
      const href = child.name === "a" ? webUrl(child.attributes["href"] ?? "#", base) : null;
      if (href !== null && child.attributes["href"] !== undefined) links.push({ url: href, text: visibleText(child) });
      visit(child);
      if (isBlock) breakLine();
    }
  };
  visit(root);
  breakLine();
  return lines;
};

/** The same in one line. */
export const visibleText = (element: Element): string => {
  let text = "";
  const visit = ({ children }: Element): void => {
    for (const child of children) {
      if (typeof child === "string") text += child;
      else if (!NOT_READ.has(child.name) && !isHidden(child.attributes)) {
        const gap = BLOCK.has(child.name) || child.name === "td" || child.name === "th" ? " " : "";
        text += gap;
        visit(child);
        text += gap;
      }
    }
  };
  visit(element);
  return oneLine(text);
};

/** The words of an HTML fragment, one block a line. */
export const textOfLines = (lines: readonly Line[]): string => lines.map((line) => line.text).filter((line) => line !== "").join("\n");

/** `<base href>` of a page, or where it was found. */
export const baseOf = (root: Element, url: string): string => {
  for (const element of descendants(root)) if (element.name === "base" && element.attributes["href"] !== undefined) return webUrl(element.attributes["href"], url) ?? url;
  return url;
};
