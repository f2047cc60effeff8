import "../../test/support/database.ts";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { likestByWords, MOST_SHINGLES, printOf } from "../../agents/pseo/critic/uniqueness/unique.ts";
import type { PageContent, PageMetadata } from "../../agents/pseo/page.schemas.ts";
import { newBusiness } from "../../core/memory/context/context.testing.ts";
import { draftFor } from "../../sandbox/gemini/prose/draft.ts";
import { countedDatabase, newTally } from "../../test/support/counted-database.ts";
import { PLACES, planned } from "./business.workerd.ts";

/* The uniqueness check on 5,000 pages, of which every fiftieth is an earlier one with another place: time, rows and memory as pages add up. */

const PAGES = 5000;
const STEP = 1000;
const COPY_EVERY = 50;

/** Words of a page, which differ from page to page as a writer's do: the sandbox's, with sources of the page's own. */
const contentOf = (n: number, place: string, metadata: PageMetadata): PageContent => {
  const word = (at: number): string => `w${((n + 1) * 7919 + at * 104_729) % 3001}`;
  const sources = Array.from({ length: 12 }, (_, at) => ({ ref: `s${at + 1}`, kind: "passage", text: `Whoever has a ${word(at)} near ${word(at + 50)} should look at the ${word(at + 90)} before the ${word(at + 130)} gives way.` }));
  const draft = draftFor({ business: "Acme", service: metadata.service.name, place, keyword: metadata.primary_keyword, minWords: 450, sources, findings: [] });
  const text = [...draft.intro, ...draft.sections.flatMap(({ sentences }) => sentences)].map((sentence) => `<p>${sentence.text}</p>`).join("\n");
  return { title: draft.title, meta_description: "x", h1: draft.h1, body_html: text, faq: [], json_ld: [], sources: [] };
};

it("uniqueness", async () => {
  const tally = newTally();
  const { store, project, tenantId } = await newBusiness({ d1: countedDatabase(env.DB, tally) });
  const steps = [];
  const contents: { content: PageContent; place: string }[] = [];
  let [copies, caught, wronged] = [0, 0, 0];
  // What the check has of other pages in memory at one time, in characters of one byte each: all that grows with their number, if anything does.
  let held = 0;
  const memory: Pick<typeof store, "keyed" | "pagePrints"> = {
    keyed: store.keyed,
    pagePrints: {
      ...store.pagePrints,
      candidates: async (print) => {
        const found = await store.pagePrints.candidates(print);
        held = Math.max(held, JSON.stringify(found).length);
        return found;
      },
    },
  };
  for (let from = 0; from < PAGES; from += STEP) {
    const [began, read, written] = [performance.now(), tally.rows_read, tally.rows_written];
    let worst = 0;
    held = 0;
    for (let n = from; n < from + STEP; n += 1) {
      const isCopy = n % COPY_EVERY === COPY_EVERY - 1;
      const place = PLACES[n % PLACES.length] ?? "";
      const { metadata } = planned(n, place, []);
      const original = isCopy ? contents[n % contents.length] : undefined;
      const content = original === undefined ? contentOf(n, place, metadata) : { ...original.content, body_html: original.content.body_html.replaceAll(original.place, place) };
      if (!isCopy && contents.length < 500) contents.push({ content, place });
      const page = { id: `ent_${String(n).padStart(32, "0")}`, tenant_id: tenantId, project_id: project, name: "x", metadata };
      const before = tally.rows_read;
      const likest = await likestByWords({ memory }, printOf(page, content, "v1"));
      worst = Math.max(worst, tally.rows_read - before);
      const refused = (likest?.score ?? 0) > MOST_SHINGLES;
      if (isCopy) copies += 1;
      if (isCopy && refused) caught += 1;
      if (!isCopy && refused) wronged += 1;
      // As the critic does with what it refuses.
      if (refused) await store.pagePrints.drop(page.id);
    }
    steps.push({ pages: from + STEP, ms: (performance.now() - began) / STEP, rows_read: (tally.rows_read - read) / STEP, worst_rows_read: worst, rows_written: (tally.rows_written - written) / STEP, held_bytes: held });
  }
  console.log(`UNIQUE ${JSON.stringify({ steps, copies, caught, wronged })}`);
  expect(caught).toBe(copies);
});
