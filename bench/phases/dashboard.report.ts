import { count, kib, ms, table } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import type { DashboardFigures } from "./dashboard.ts";

const MOST_FIRST_LOAD_BYTES = 180 * 1024;
/** What web.dev calls good for an interaction (web.dev/articles/inp). */
const MOST_INTERACTION_MS = 200;
const JUDGED = ["filter by status", "open a lead"];

export const dashboardReport: Report<DashboardFigures> = {
  describe: ({ leads, times, chromium, signIn, firstRows, interactions, scroll }) => `A real Chromium ${chromium} and a real Worker on one machine, without a network between them; the business has ${count(leads)} leads. Sizes are what gzip makes of what is
loaded (Cloudflare sends no more). Each load is by a browser that has nothing cached; ${times} of each. A time is told by the page itself: for a load since it began, for
an interaction since the click or change, until the frame in which what was asked for is there.

${table(
  ["load", "size", "requests", "p50", "p95"],
  [
    ["to the form for signing in", kib(signIn.bytes), String(signIn.requests), ms(signIn.p50), ms(signIn.p95)],
    [`signed in, to the first rows of ${count(leads)} leads`, kib(firstRows.bytes), String(firstRows.requests), ms(firstRows.p50), ms(firstRows.p95)],
  ],
)}

${table(["interaction", "p50", "p95"], Object.entries(interactions).map(([name, one]) => [name, ms(one.p50), ms(one.p95)]))}

Down the list to row ${count(scroll.rows)}, as fast as its pages come: ${ms(scroll.ms)}, ${ms((scroll.ms / scroll.rows) * 50)} for each 50 rows; ${scroll.longFrames} frames longer than 50 ms, the longest ${ms(scroll.longestFrameMs)}; then ${count(scroll.nodes)} nodes
in the document (only rows near the window are drawn) and ${kib(scroll.heapBytes)} of heap. Aims: sign-in within ${kib(MOST_FIRST_LOAD_BYTES)}, ${JUDGED.join(" and ")} within ${MOST_INTERACTION_MS} ms (p50).`,

  missed: ({ signIn, interactions }) => [
    ...(signIn.bytes <= MOST_FIRST_LOAD_BYTES ? [] : [`first load ${kib(signIn.bytes)}, aim ${kib(MOST_FIRST_LOAD_BYTES)}`]),
    ...JUDGED.filter((name) => !((interactions[name]?.p50 ?? Number.NaN) <= MOST_INTERACTION_MS)).map((name) => `${name}: p50 ${ms(interactions[name]?.p50 ?? null)}, aim ${MOST_INTERACTION_MS} ms`),
  ],
};
