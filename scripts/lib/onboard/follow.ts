import { z } from "zod";
import { hang, type Paint } from "../demo/text.ts";

/** The parts of a run that a person follows. */
export const runSchema = z.object({
  status: z.string(),
  progress: z.object({ done: z.number(), total: z.number(), label: z.string() }),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  result: z.unknown(),
});
export type FollowedRun = z.infer<typeof runSchema>;

export const resultSchema = z.object({
  project_id: z.string(),
  status: z.enum(["onboarded", "proposed"]),
  live: z.boolean().optional(),
  simulation: z.object({ passed: z.boolean(), rings: z.string().nullable(), checks: z.array(z.object({ what: z.string(), passed: z.boolean(), detail: z.string() })) }).optional(),
  fields: z.array(z.object({ path: z.string(), value: z.unknown(), origin: z.string(), source_url: z.string().nullable(), confidence: z.number() })),
  left_to_vertical: z.array(z.string()),
  questions: z.array(z.string()),
  changes: z.array(z.object({ path: z.string(), change: z.string() })).optional(),
  checklist: z.array(z.object({ where: z.string(), paste: z.string(), how: z.string() })).optional(),
});
export type OnboardResult = z.infer<typeof resultSchema>;

const OVER = new Set(["succeeded", "failed", "dead"]);

/** Looks at a run until it is over, and tells of every step that it sees. A look that finds nobody is tried again: the run goes on by itself. */
export const followRun = async ({ look, onStep, sleep, isLate }: { look: () => Promise<FollowedRun>; onStep: (progress: FollowedRun["progress"]) => void; sleep: (ms: number) => Promise<unknown>; isLate: () => boolean }): Promise<FollowedRun> => {
  let last = "";
  for (;;) {
    const run = await look().catch((error: unknown) => {
      if (error instanceof TypeError && !isLate()) return null;
      throw error;
    });
    if (run === null) {
      await sleep(250);
      continue;
    }
    if (run.progress.label !== last && run.progress.label !== "") {
      last = run.progress.label;
      onStep(run.progress);
    }
    if (OVER.has(run.status) || isLate()) return run;
    await sleep(250);
  }
};

const shown = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(shown).join("; ");
  const hours = z.record(z.string(), z.array(z.string())).safeParse(value).data;
  if (hours !== undefined) return Object.entries(hours).map(([day, windows]) => `${day} ${windows.join(" ")}`).join(", ");
  const text = z.object({ name: z.string(), price_from: z.number().nullable() }).safeParse(value).data;
  return text === undefined ? JSON.stringify(value) : `${text.name}${text.price_from === null ? "" : `, from ${text.price_from}`}`;
};

/** What was found, what is asked, and what is left to do, as lines. */
export const renderResult = (result: OnboardResult, { paint, width }: { paint: Paint; width: number }): string[] => {
  const row = (label: string, text: string): string[] => hang(`  ${label.padEnd(30)} `, text, width);
  const heading = (text: string): string[] => ["", paint("strong", text)];
  const found = result.fields.filter((field) => field.origin !== "given");
  return [
    ...heading(found.length === 0 ? "The website says nothing that could be used" : "What the website says"),
    ...found.flatMap((field) => row(field.path.replace(/^modules\..*\./, "… "), `${shown(field.value)} ${paint("quiet", `(${field.origin}, ${field.confidence})`)}`)),
    ...row("left to the trade's own layer", result.left_to_vertical.join(", ") || "nothing"),
    ...(result.changes === undefined ? [] : [...heading("Proposed changes"), ...result.changes.flatMap((change) => row(change.path, change.change))]),
    ...(result.simulation === undefined ? [] : [...heading("The simulated call"), ...result.simulation.checks.flatMap((check) => row(check.what, `${check.passed ? paint("good", "passed") : paint("bad", "failed")}: ${check.detail}`))]),
    ...(result.questions.length === 0 ? [] : [...heading("Questions"), ...result.questions.flatMap((question) => hang("  - ", question, width))]),
    ...(result.checklist === undefined ? [] : [...heading("What is left to do"), ...result.checklist.flatMap((item) => [`  ${item.where}`, `    ${item.paste}`, ...hang("    ", paint("quiet", item.how), width)])]),
    ...(result.live === undefined ? [] : ["", result.live ? paint("good", `${result.project_id} is live: the first lead rings ${result.simulation?.rings ?? ""}.`) : paint("bad", `${result.project_id} is not live yet: see the simulated call.`)]),
  ];
};
