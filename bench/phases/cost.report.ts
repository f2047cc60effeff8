import { BUNDLE_BUDGET_BYTES } from "../../scripts/lib/release/bundle.ts";
import { count, kib, table } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import type { BundleFigures } from "./bundle.ts";
import type { RowFigures } from "./rows.ts";

/** Cloudflare's limit (developers.cloudflare.com/workers/platform/limits). */
const MOST_STARTUP_MS = 1000;

export const rowsReport: Report<RowFigures> = {
  describe: ({ leads, intake, untilDialled, untilAnalysed, parts }) => `Cloudflare bills rows read and rows written (indexes count). Mean of ${leads} leads. On a
developer's machine, as here, no plan has caps; elsewhere each call and text also reads its tenant's plan and what is verified of it, by one request.

${table(
  ["per lead", "requests to D1", "statements", "rows read", "rows written"],
  Object.entries({ "intake, up to its answer": intake, "until Twilio has the call": untilDialled, "the whole life, until analysed": untilAnalysed, ...Object.fromEntries(Object.entries(parts).map(([part, tally]) => [`- of it ${part}`, tally])) }).map(
    ([name, tally]) => [name, count(tally.trips), count(tally.statements), count(tally.rows_read), count(tally.rows_written)],
  ),
)}`,
};

export const bundleReport: Report<BundleFigures> = {
  describe: ({ bytes, gzipBytes, startupMs, packages }) => `What \`wrangler deploy --env oc\` would upload: ${kib(bytes)}, ${kib(gzipBytes)} gzipped (aim: under ${kib(BUNDLE_BUDGET_BYTES)}).${startupMs === null ? "" : ` Work before the first request: ${startupMs.toFixed(0)} ms (\`wrangler check startup\`, all that its profile of workerd's start does not call idle; Cloudflare's limit is ${MOST_STARTUP_MS / 1000} s).`}

What weighs most in it, minified and before compression; rooms of our own end in a slash:

${table(["package", "size", "share"], packages.map(({ name, bytes: own }) => [name, kib(own), `${((100 * own) / bytes).toFixed(1)} %`]))}`,
  missed: ({ gzipBytes, startupMs }) => [
    ...(gzipBytes <= BUNDLE_BUDGET_BYTES ? [] : [`bundle ${kib(gzipBytes)} gzipped, aim ${kib(BUNDLE_BUDGET_BYTES)}`]),
    ...(startupMs === null ? ["the start could not be measured"] : startupMs <= MOST_STARTUP_MS ? [] : [`start ${startupMs.toFixed(0)} ms, limit ${MOST_STARTUP_MS} ms`]),
  ],
};
