import { linkPages, mostLinks } from "../../agents/pseo/librarian/link-pages.ts";
import { businessOf } from "../../agents/pseo/librarian/link-pages.testing.ts";

/*
 * What the links of many pages cost: time, and memory that lives while they are drawn, for twice as many pages each time. n log n
 * predicts a little more than twice; what is measured is shown beside it. Run with --expose-gc, for memory that means something.
 */

const SIZES = [625, 1250, 2500, 5000, 10_000];
const RUNS = 5;

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const collect = (): void => (globalThis as { gc?: () => void }).gc?.();

interface Figures {
  pages: number;
  links: number;
  most: number;
  ms: number;
  mb: number;
}

const measure = (pages: number): Figures => {
  const business = businessOf(pages);
  const links = linkPages(business);
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    linkPages(business);
    return performance.now() - begin;
  });
  collect();
  const before = process.memoryUsage().heapUsed;
  const kept = linkPages(business);
  collect();
  const mb = (process.memoryUsage().heapUsed - before) / 1024 / 1024;
  const fromOne = new Map<string, number>();
  for (const { from } of kept) fromOne.set(from, (fromOne.get(from) ?? 0) + 1);
  const most = Math.max(...fromOne.values());
  if (most > mostLinks(pages)) throw new Error(`a page has ${most} links, more than ${mostLinks(pages)}`);
  return { pages, links: links.length, most, ms: median(times), mb };
};

// Warm, so that the first size does not pay for the compiler.
measure(625);
const figures = SIZES.map(measure);
const growth = (a: number, b: number): number => (b * Math.log(b)) / (a * Math.log(a));
console.log("| pages | links | most of a page | ms | × | MB held | × | n log n predicts × |\n|---:|---:|---:|---:|---:|---:|---:|---:|");
for (const [at, now] of figures.entries()) {
  const before = figures[at - 1];
  const times = before ? [(now.ms / before.ms).toFixed(2), (now.mb / before.mb).toFixed(2), growth(before.pages, now.pages).toFixed(2)] : ["", "", ""];
  console.log(`| ${now.pages} | ${now.links} | ${now.most} | ${now.ms.toFixed(1)} | ${times[0] ?? ""} | ${now.mb.toFixed(1)} | ${times[1] ?? ""} | ${times[2] ?? ""} |`);
}
// Over three doublings, noise of one measurement is small against n²'s 64.
const [first, last] = [figures[0], figures[3]];
if (first && last && last.ms / first.ms > 2 * growth(first.pages, last.pages)) {
  console.error(`Time grows faster than n log n: × ${(last.ms / first.ms).toFixed(1)} from ${first.pages} to ${last.pages} pages.`);
  process.exitCode = 1;
}
