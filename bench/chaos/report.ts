import { cpus, totalmem } from "node:os";
import { table } from "../lib/table.ts";
import type { Scenario } from "./scenarios.ts";
import type { Verdict } from "./judge.ts";

export interface Outcome {
  scenario: Scenario;
  verdict: Verdict;
}

export const describe = (outcomes: readonly Outcome[]): string =>
  table(
    ["what happens while forms come in", "forms", "sent again", "lost", "rung twice", "how they ended", "jobs done", "given to a person", "settled after"],
    outcomes.map(({ scenario: { what }, verdict: { sent, again, lost, twice, ends, runs, settledS } }) => [
      what, String(sent), String(again), String(lost), String(twice), Object.entries(ends).map(([end, count]) => `${end} ${count}`).join(", "), String(runs.done), String(runs.dead), `${settledS.toFixed(0)} s`,
    ]),
  );

export const writeDocument = (outcomes: readonly Outcome[], rate: number, seconds: number, date: string): string => {
  const [cpu] = cpus();
  return `# Reliability

Written by \`npm run chaos -- --write\`: do not edit by hand. \`npm run chaos\` prints the same and writes nothing; it ends with an error when a lead was
lost, somebody was rung twice, a form was never taken or a job stayed open. A short form of it is part of \`npm test\`.

Measured ${date} on ${cpus().length} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB: the real Worker (workerd, D1, R2, queues, objects) before the sandbox's Twilio and
Gemini. In each row ${rate} forms a second come in for ${seconds} s while something breaks from a fifth of that time on; then all is mended, and what became of
each form is counted: in the product's own figures, and by the telephones that rang.

\`sent again\`: not answered at the first try, and sent again by the sender. \`lost\`: answered 200, and without exactly one end. \`rung twice\`: a lead
with two calls, a customer whose phone rang twice, or more owners' phones rung than there were leads. \`given to a person\`: jobs that ended as
dead letters, where they can be read and run again.

${describe(outcomes)}
`;
};
