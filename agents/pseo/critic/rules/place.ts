import { isAboutPlace } from "../../sources/about-place.ts";
import { finder, type Rule } from "../reviewed.ts";
import { refsOf, sourceBy } from "./facts.ts";

const { error } = finder("place");

/** A page about a place says something that is true there and not elsewhere, or it is the same page with another name. */
export const place: Rule = {
  name: "place",
  check(page) {
    const { metadata, content } = page;
    if (metadata.place === null) return [];
    const known = sourceBy(content.sources);
    const local = refsOf(page).filter(({ ref }) => {
      const source = known.get(ref);
      return source !== undefined && isAboutPlace(source, metadata.place);
    });
    return local.length > 0 ? [] : [error(`Nothing on the page is true of ${metadata.place.name} and of no other place.`, "Say what the sources about the place say, and what it means for the reader.")];
  },
};
