import { finder, type Rule } from "../reviewed.ts";

const { error } = finder("accessible");

/** Says nothing of where it leads, to whoever hears only the links (WCAG 2.2, 2.4.4). */
const EMPTY_LINK = /^(?:click here|here|read more|more|link|this|this page|learn more)\W*$/i;

/** Images say what they show, and links where they lead. */
export const accessible: Rule = {
  name: "accessible",
  check: ({ body }) => [
    ...body.images.filter(({ alt }) => alt === null || alt.trim() === "").map(({ line }) => error("An image without an alternative text.", "Say what it shows.", line)),
    ...body.links.filter(({ text }) => text.trim() === "" || EMPTY_LINK.test(text.trim())).map(({ line, text }) => error(`A link that says ${JSON.stringify(text.trim())}.`, "Let its text say where it leads.", line)),
    ...body.links.filter(({ href }) => !/^(?:https?:\/\/[^\s/]+|tel:\+?\d|mailto:[^\s@]+@|\/)/.test(href)).map(({ line, href }) => error(`A link to ${JSON.stringify(href)} leads nowhere.`, null, line)),
  ],
};
