import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../scripts/lib/wrangler.ts";
import { describeRanOn } from "./machine.ts";
import type { Phase } from "./phase.ts";
import { DOCS_DIR, type Result } from "./results.ts";

const provenance = ({ measured_at, quick, took_s, commit, ...on }: Result): string =>
  `*Measured ${measured_at.slice(0, 16).replace("T", " ")} UTC${quick ? ", short form" : ""} in ${took_s} s, commit ${commit ?? "unknown"}, on ${describeRanOn(on)}.*`;

/** A phase's section, in Markdown. @param folder where the page finds its pictures; null for a terminal, which shows none */
export const describeResult = ({ title, report }: Phase, result: Result, folder: string | null): string => {
  const pictures = folder === null ? [] : report.plots(result.figures).map((plot) => `![${plot.title}](${folder}/${plot.name}.svg)`);
  const wrong = [...report.failures(result.figures).map((text) => `- **Failed**: ${text}`), ...report.missed(result.figures).map((text) => `- **Aim missed**: ${text}`)];
  return [`## ${title}`, report.describe(result.figures).trim(), ...(wrong.length === 0 ? [] : [wrong.join("\n")]), ...pictures, provenance(result)].join("\n\n");
};

const HEAD = `# Performance

Made by \`npm run bench -- --write\` from the figures that lie beside it in [performance/](performance): do not edit by hand. \`npm run bench\` prints
the same and writes nothing; \`-- --only growth,calls\` runs some phases (with \`--write\`, their sections alone are made anew), \`-- --quick\` takes
three minutes and says less. It ends with an error when a phase failed, or a lead was refused, lost or dialled twice. Aims depend on the
machine: a missed one is said here, by the program, and fails nothing.

Everything runs on one machine: load, stand-ins, and workerd, which serves the Worker, its objects and D1 with one thread and waits for
the disk at each commit. On Cloudflare these are different machines, so neither the times nor the highest rate carry over; rows, sizes, ratios and what
was lost do.`;

/** Writes docs/performance.md and its pictures from what was kept of each phase. */
export const writeDocument = (phases: readonly Phase[], resultOf: (name: string) => Result | undefined): void => {
  const sections = phases.map((phase) => {
    const result = resultOf(phase.name);
    return result === undefined ? `## ${phase.title}\n\nNot measured yet: \`npm run bench -- --only ${phase.name} --write\`.` : describeResult(phase, result, "performance");
  });
  mkdirSync(DOCS_DIR, { recursive: true });
  for (const phase of phases) {
    const result = resultOf(phase.name);
    for (const plot of result === undefined ? [] : phase.report.plots(result.figures)) writeFileSync(path.join(DOCS_DIR, `${plot.name}.svg`), plot.svg);
  }
  writeFileSync(path.join(ROOT, "docs/performance.md"), `${[HEAD, ...sections].join("\n\n")}\n`);
};
