import { textOf } from "../read-body.ts";
import { finder, type Rule } from "../reviewed.ts";

const { error, warning } = finder("headings");

/** In order, none left out, none twice, none without a text below it. */
export const headings: Rule = {
  name: "headings",
  check({ body, content }) {
    const found = body.blocks.map((block, index) => ({ ...block, index, level: /^h\d$/.test(block.tag) ? Number(block.tag[1]) : null }));
    let last = 1;
    const findings = [];
    const seen = new Set([content.h1.toLowerCase()]);
    for (const block of found) {
      if (block.level === null) continue;
      const text = textOf(block).toLowerCase();
      const next = found[block.index + 1];
      if (block.level === 1) findings.push(error("An H1 in the body: the page has its own above it.", "Make it an H2.", block.line));
      else if (block.level > last + 1) findings.push(error(`An H${block.level} follows an H${last}.`, `Make it an H${last + 1}.`, block.line));
      if (text === "") findings.push(error("A heading without a text.", null, block.line));
      else if (seen.has(text)) findings.push(error(`Two headings say ${JSON.stringify(textOf(block))}.`, "Say what each part is about.", block.line));
      if (next === undefined || (next.level !== null && next.level <= block.level)) findings.push(error("Nothing stands below a heading.", null, block.line));
      seen.add(text);
      last = block.level;
    }
    if (!found.some(({ level }) => level === 2)) findings.push(warning("No headings: readers look for what they came for by them."));
    return findings;
  },
};
