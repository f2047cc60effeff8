import { finder, type Rule } from "../reviewed.ts";
import { refsOf, sourceBy } from "./facts.ts";

const { error } = finder("sources");

/** What the page cites is there, and is still true: a price that changed since, a place that is gone from the map. */
export const sources: Rule = {
  name: "sources",
  check({ content, body, stale, metadata: _ }) {
    const known = sourceBy(content.sources);
    const refs = refsOf({ content, body });
    const cited = new Set(refs.map(({ ref }) => ref));
    return [
      ...refs.filter(({ ref }) => !known.has(ref)).map(({ ref, line }) => error(`It cites ${ref}, which is none of its sources.`, null, line)),
      ...(cited.size === 0 ? [error("It cites no source at all.")] : []),
      ...stale.filter(({ ref }) => cited.has(ref)).map(({ ref, kind, text }) => error(`What it rests on has changed since: ${ref} (${kind}) ${JSON.stringify(text.slice(0, 200))}.`, "Write it anew from what is true now.")),
    ];
  },
};
