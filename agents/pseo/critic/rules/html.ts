import { cleanSourcedHtml } from "../../../../core/security/html.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error } = finder("html");

const ALLOWED = new Set(["h2", "h3", "h4", "p", "ul", "ol", "li", "span", "a", "strong", "em", "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "br", "img", "figure", "figcaption"]);
/** What may stand within what; everything else stands anywhere. */
const PARENTS: Readonly<Record<string, ReadonlySet<string>>> = { li: new Set(["ul", "ol"]), tr: new Set(["table", "thead", "tbody"]), td: new Set(["tr"]), th: new Set(["tr"]), dt: new Set(["dl"]), dd: new Set(["dl"]), figcaption: new Set(["figure"]) };
const CHILDREN: Readonly<Record<string, ReadonlySet<string>>> = { ul: new Set(["li"]), ol: new Set(["li"]), table: new Set(["caption", "thead", "tbody", "tr"]), thead: new Set(["tr"]), tbody: new Set(["tr"]), tr: new Set(["th", "td"]), dl: new Set(["dt", "dd"]) };
const INLINE = new Set(["p", "h2", "h3", "h4", "span", "a", "strong", "em"]);
const INLINE_ONLY = new Set(["span", "a", "strong", "em", "br", "img"]);
const VOID = new Set(["br", "img"]);

/** The first tag that stands where HTML does not have it, or is not closed. */
const misplaced = (html: string): { message: string; line: number } | null => {
  const open: string[] = [];
  for (const match of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/gi)) {
    const [, closing = "", raw = ""] = match;
    const name = raw.toLowerCase();
    const line = html.slice(0, match.index).split("\n").length;
    if (closing !== "") {
      if (open.pop() !== name) return { message: `</${name}> closes what is not open.`, line };
      continue;
    }
    const parent = open.at(-1);
    if (PARENTS[name] !== undefined && !PARENTS[name].has(parent ?? "")) return { message: `<${name}> stands in ${parent === undefined ? "nothing" : `<${parent}>`}.`, line };
    if (CHILDREN[parent ?? ""]?.has(name) === false) return { message: `<${name}> stands in <${parent ?? ""}>.`, line };
    if (parent !== undefined && INLINE.has(parent) && !INLINE_ONLY.has(name)) return { message: `<${name}> stands in <${parent}>.`, line };
    if (name === "a" && open.includes("a")) return { message: "A link stands in a link.", line };
    if (!VOID.has(name)) open.push(name);
  }
  const left = open.at(-1);
  return left === undefined ? null : { message: `<${left}> is not closed.`, line: html.split("\n").length };
};

/** Well-formed, of our own tags, and nothing in it that the sanitiser would change. */
export const html: Rule = {
  name: "html",
  check({ content: { body_html }, body }) {
    const strange = body.tags.filter(({ name }) => !ALLOWED.has(name));
    const wrong = misplaced(body_html);
    return [
      ...strange.map(({ name, line }) => error(`<${name}> has no place in a page's body.`, null, line)),
      ...(wrong === null ? [] : [error(wrong.message, null, wrong.line)]),
      ...(strange.length === 0 && wrong === null && cleanSourcedHtml(body_html) !== body_html ? [error("It holds attributes or addresses that are not safe to show.")] : []),
    ];
  },
};
