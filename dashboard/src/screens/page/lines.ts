/* A page's text as a person reads and compares it. What it is made of is parsed in a document that runs, loads and shows nothing. */

export interface Segment {
  text: string;
  /** Sources that it rests on. */
  refs: readonly string[];
}

export interface Line {
  /** As the critic counts them: of `body_html`, from 1. */
  number: number;
  /** `h2`, `p`, `li`, … */
  tag: string;
  segments: Segment[];
}

const refsOf = (node: Node): readonly string[] => (node.parentElement?.closest("[data-source]")?.getAttribute("data-source") ?? "").split(" ").filter((ref) => ref !== "");

const segmentsIn = (body: HTMLElement): Segment[] => {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const segments: Segment[] = [];
  while (walker.nextNode() !== null) {
    const text = walker.currentNode.textContent ?? "";
    if (text !== "") segments.push({ text, refs: refsOf(walker.currentNode) });
  }
  return segments;
};

/** The lines of a body that hold words. */
export const linesOf = (bodyHtml: string): Line[] =>
  bodyHtml.split("\n").flatMap((html, at) => {
    const { body } = new DOMParser().parseFromString(html, "text/html");
    const segments = segmentsIn(body);
    return segments.some(({ text }) => text.trim() !== "") ? [{ number: at + 1, tag: body.firstElementChild?.localName ?? "p", segments }] : [];
  });

const PREFIX: Readonly<Record<string, string>> = { h2: "## ", h3: "### ", h4: "#### ", li: "- ", ul: "- ", ol: "- " };

export interface ReadableText {
  title: string;
  meta_description: string;
  h1: string;
  body_html: string;
  faq: readonly { question: string; answer: string }[];
}

/** Everything that readers and search engines get to see of a text, a line each: what two texts are compared by. */
export const plainText = ({ title, meta_description, h1, body_html, faq }: ReadableText): string =>
  [
    title, meta_description, "", `# ${h1}`, "",
    ...linesOf(body_html).map(({ tag, segments }) => `${PREFIX[tag] ?? ""}${segments.map(({ text }) => text).join("").trim()}`),
    ...faq.flatMap(({ question, answer }) => ["", `? ${question}`, answer]),
  ].join("\n");
