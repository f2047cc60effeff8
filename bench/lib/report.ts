import { cpus, totalmem } from "node:os";
import type { BundleFigures } from "../phases/bundle.ts";
import type { ConversationFigures } from "../phases/conversation.ts";
import type { RateFigures, SideFigures } from "../phases/load.ts";
import type { QueueFigures } from "../phases/queue.ts";
import type { RowFigures } from "../phases/rows.ts";
import { table } from "./table.ts";

export interface Figures {
  load: RateFigures[];
  queue: QueueFigures;
  conversation: ConversationFigures;
  rows: RowFigures;
  bundle: BundleFigures;
}

export const AIMS = { ratio: 1.5, rateWithoutLoss: 100, connectedP95Ms: 30_000, bundleGzipBytes: 1024 * 1024 } as const;

const ms = (value: number): string => (value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value.toFixed(1)} ms`);
const kib = (bytes: number): string => `${Math.round(bytes / 1024)} KiB`;
const count = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

const loadRow = (rate: number, name: string, side: SideFigures): string[] => [
  `${rate}/s ${name}`, String(side.sent), ms(side.formToDial.p50), ms(side.formToDial.p95), ms(side.formToDial.p99), ms(side.answer.p50), ms(side.answer.p99), String(side.refused), String(side.lost), String(side.twice),
];

const loadTable = (load: readonly RateFigures[]): string =>
  table(
    ["arrivals", "leads", "form to dial p50", "p95", "p99", "answer p50", "p99", "refused", "lost", "twice"],
    load.flatMap((row) => [loadRow(row.rate, "product", row.product), loadRow(row.rate, "bare", row.bare)]),
  );

const ratioTable = (load: readonly RateFigures[]): string =>
  table(
    ["arrivals", "ratio of p50", "p95", "p99", "p50 by round"],
    load.map((row) => [`${row.rate}/s`, row.ratio.p50.toFixed(2), row.ratio.p95.toFixed(2), row.ratio.p99.toFixed(2), row.roundRatios.map((ratio) => ratio.toFixed(2)).join(" ")]),
  );

const rowTable = ({ intake, untilDialled, untilAnalysed, parts }: RowFigures): string =>
  table(
    ["per lead", "requests to D1", "statements", "rows read", "rows written"],
    Object.entries({ "intake, up to its answer": intake, "until Twilio has the call": untilDialled, "the whole life, until analysed": untilAnalysed, ...Object.fromEntries(Object.entries(parts).map(([part, tally]) => [`- of it ${part}`, tally])) }).map(
      ([name, tally]) => [name, count(tally.trips), count(tally.statements), count(tally.rows_read), count(tally.rows_written)],
    ),
  );

/** The figures in Markdown, with what each means. */
export const describeFigures = ({ load, queue, conversation, rows, bundle }: Figures): string => `## Form to dial

Forms arrive at a fixed rate, whether or not the Worker keeps up; a time counts from the moment at which the form was due, to the
moment at which the stand-in for Twilio has read the \`POST\` of the call. \`bare\` is a Worker that inserts one row and makes one
request, measured in turn with the product on the same machine. \`refused\`: not answered 200. \`lost\`: accepted and never dialled.
\`twice\`: dialled more than once.

${loadTable(load)}

Product over bare (aim: p50 at most ${AIMS.ratio}, and nothing lost at ${AIMS.rateWithoutLoss}/s). Figures in milliseconds say as much about this machine
as about the code; the ratio says more about the code, and its spread over the rounds how far to trust it.

${ratioTable(load)}

## The wait for a turn

${queue.leads} leads within a moment, and an account that may make one call a second (Twilio's default): form to dial p50 ${ms(queue.wait.p50)}, p95 ${ms(queue.wait.p95)};
between two dials at least ${ms(queue.gap.min)}, in the median ${ms(queue.gap.p50)}; lost ${queue.lost}, twice ${queue.twice}. Freshest first; the leads by order of arrival, as
they were dialled: ${queue.order.join(", ")}.

## Form to conversation

The owner picks up after 5 s and presses 1, the customer picks up at once (${conversation.leads} leads, ${conversation.connected} connected): form to connected p50 ${ms(conversation.formToConnected.p50)}, p95 ${ms(conversation.formToConnected.p95)}
(aim: p95 under ${AIMS.connectedP95Ms / 1000} s).

## Rows of D1

Cloudflare bills rows read and rows written (indexes count). Mean of ${rows.leads} leads.

${rowTable(rows)}

## The bundle

What \`wrangler deploy --env oc\` would upload: ${kib(bundle.bytes)}, ${kib(bundle.gzipBytes)} gzipped (aim: under ${kib(AIMS.bundleGzipBytes)}).${bundle.startupMs === null ? "" : ` Work before the first request: ${bundle.startupMs.toFixed(0)} ms (\`wrangler check startup\`; Cloudflare's limit is 1 s).`}
`;

/** The document docs/performance.md. */
export const writeDocument = (figures: Figures, versions: Readonly<Record<string, string>>, date: string): string => {
  const [cpu] = cpus();
  return `# Performance

Written by \`npm run bench -- --write\`: do not edit by hand. \`npm run bench\` prints the same and writes nothing; \`-- --quick\` takes
about a minute and says less. It ends with an error when a lead was refused, lost or dialled twice.

Measured ${date} on ${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}; ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ")}.
Everything runs on that one machine: load, stand-ins, and workerd, which serves the Worker, its objects and D1 with one thread and
waits for the disk at each commit. On Cloudflare these are different machines, so neither the times nor the highest rate carry over.

${describeFigures(figures)}`;
};

/** What must not be; empty when all is well. */
export const findFailures = ({ load, queue, conversation }: Figures): string[] => {
  const failures: string[] = [];
  for (const row of load) {
    for (const [name, side] of Object.entries({ product: row.product, bare: row.bare })) {
      if (side.refused + side.lost + side.twice > 0) failures.push(`${row.rate}/s, ${name}: ${side.refused} refused, ${side.lost} lost, ${side.twice} dialled twice`);
    }
  }
  if (queue.lost + queue.twice > 0) failures.push(`the queue: ${queue.lost} lost, ${queue.twice} dialled twice`);
  if (conversation.connected < conversation.leads || conversation.twice > 0) failures.push(`conversations: ${conversation.leads - conversation.connected} of ${conversation.leads} not connected, ${conversation.twice} dialled twice`);
  return failures;
};

/** Aims that were missed. They depend on the machine, so they are said and fail nothing. */
export const findMissedAims = ({ load, conversation, bundle }: Figures): string[] => [
  ...load.filter((row) => row.ratio.p50 > AIMS.ratio).map((row) => `${row.rate}/s: ratio of p50 ${row.ratio.p50.toFixed(2)}, aim ${AIMS.ratio}`),
  ...(conversation.formToConnected.p95 > AIMS.connectedP95Ms ? [`form to connected p95 ${ms(conversation.formToConnected.p95)}, aim ${AIMS.connectedP95Ms / 1000} s`] : []),
  ...(bundle.gzipBytes > AIMS.bundleGzipBytes ? [`bundle ${kib(bundle.gzipBytes)} gzipped, aim ${kib(AIMS.bundleGzipBytes)}`] : []),
];
