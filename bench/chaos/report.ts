import { describeRanOn, ranOn } from "../lib/machine.ts";
import { table } from "../lib/markdown.ts";
import type { Verdict } from "./judge.ts";
import type { Sizes } from "./run.ts";
import { type Scenario, SCENARIOS } from "./scenarios.ts";

export interface Outcome {
  scenario: Scenario;
  verdict: Verdict;
}

export const describe = (outcomes: readonly Outcome[]): string =>
  table(
    ["what happens while forms come in", "forms", "sent again", "never taken", "lost", "rung twice", "owner rung again", "how they ended", "unheard", "jobs done", "given to a person", "still open"],
    outcomes.map(({ scenario: { what }, verdict: { sent, again, refused, lost, twice, ownersAgain, ends, unheard, runs } }) => [
      what, String(sent), String(again), String(refused), String(lost), String(twice), String(ownersAgain), Object.entries(ends).map(([end, count]) => `${end} ${count}`).join(", "), String(unheard), String(runs.done), String(runs.dead), String(runs.open),
    ]),
  );

/** The document docs/reliability.md. @param date of the run, YYYY-MM-DD */
export const writeDocument = (outcomes: readonly Outcome[], { rate, steadyRate, formsMs, faultMs, outageMs }: Sizes, date: string): string => {
  return `# Reliability

Written by \`npm run chaos -- --write\`: do not edit by hand. \`npm run chaos\` prints the same and writes nothing; it ends with an error when a lead was
lost, somebody was rung twice, a form was never taken, a conversation was not transcribed or a job stayed open. A short form of it is part of \`npm test\`. How it is judged, and what
the product does in each case: [design/0027](design/0027-chaos.md).

Run ${date} on ${describeRanOn(ranOn())}:
the real Worker (workerd, D1, R2, queues, objects) before the sandbox's Twilio and Gemini. ${rate} forms a second come in for ${formsMs / 1000} s. From a
fifth of that time on something is broken: Twilio's answers for ${faultMs / 1000} s where no number is said, callbacks to the end. Where D1, R2 or the queues fail for ${outageMs / 1000} s,
forms come in all the while, ${steadyRate} a second, and before and after it. Then what became of each form is counted: in the product's own lists, and by the telephones that rang. ${outcomes.length} of ${SCENARIOS.length} scenarios.

- \`sent again\`: not answered 200 at the first try, and sent again by the sender until it was; \`never taken\`: not even then.
- \`lost\`: answered 200, and without exactly one end, or said to be connected while the customer's phone never rang.
- \`rung twice\`: a lead with two calls; a customer's phone that rang twice; an owner rung for a lead of which another owner's phone still rang, or after a 1
  that the product had been told of.
- \`owner rung again\`: an owner's phone rung for a lead after another of its calls had ended without that, say because the Worker was down when Twilio asked
  it what to say: Twilio then hangs up on the owner, and ringing the next one is what saves the lead.
- \`unheard\`: conversations that were never transcribed, without a dead letter that says so.
- \`jobs done\`: transcriptions and the like; \`given to a person\`: those that ended as dead letters, where they can be read and run again.

${describe(outcomes)}
`;
};
