import type { Call, TimelineEntry } from "./api.ts";
import { hang, type Paint } from "./text.ts";

type Detail = TimelineEntry["detail"];

interface Step {
  label: string;
  /** The nine steps from form to result; the others are small print, or trouble. */
  kind: "milestone" | "between" | "trouble";
  says?: (detail: Detail) => string;
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** The timeline events of the API (API.md, "Calls") in the words of whoever watches. */
const STEPS: Readonly<Record<string, Step>> = {
  received: { label: "form", kind: "milestone" },
  held: { label: "waits", kind: "between", says: () => "the owner's phone is taken, or it is not our turn yet" },
  dialed: { label: "dialed", kind: "between", says: (detail) => `Twilio is asked to ring ${text(detail["to"])}` },
  owner_ringing: { label: "ringing", kind: "milestone", says: () => "the owner's phone" },
  owner_answered: { label: "answered", kind: "milestone" },
  owner_pressed: { label: "pressed 1", kind: "milestone" },
  customer_ringing: { label: "customer rings", kind: "between" },
  customer_answered: { label: "picks up", kind: "between", says: () => "and hears that the call is recorded" },
  connected: { label: "connected", kind: "milestone", says: () => "owner and customer talk" },
  ended: { label: "ended", kind: "milestone", says: (detail) => (detail["reason"] === "connected" ? "" : text(detail["reason"])) },
  recorded: { label: "recorded", kind: "milestone", says: () => "two channels, from Twilio into R2" },
  transcribed: { label: "transcribed", kind: "milestone", says: (detail) => `${text(detail["words"])} words` },
  analysed: { label: "analysed", kind: "milestone", says: (detail) => `urgency ${text(detail["urgency"])}, sentiment ${text(detail["sentiment"])}` },
  owner_declined: { label: "declined", kind: "trouble", says: (detail) => `pressed ${text(detail["digit"])}` },
  owner_no_answer: { label: "no answer", kind: "trouble", says: () => "from the owner" },
  owner_busy: { label: "busy", kind: "trouble", says: () => "the owner" },
  owner_voicemail: { label: "voicemail", kind: "trouble", says: () => "the owner's" },
  escalated: { label: "next person", kind: "between", says: (detail) => text(detail["to"]) },
  customer_no_answer: { label: "no answer", kind: "trouble", says: () => "from the customer" },
  customer_busy: { label: "busy", kind: "trouble", says: () => "the customer" },
  customer_voicemail: { label: "voicemail", kind: "trouble", says: () => "the customer's" },
  sms_owner: { label: "texted", kind: "between", says: (detail) => (detail["purpose"] === "feedback" ? "the owner is asked how it went" : "the owner has the lead as an SMS") },
  sms_customer: { label: "texted", kind: "between", says: () => "the customer" },
  alert: { label: "alert", kind: "trouble", says: (detail) => [text(detail["reason"]), text(detail["message"])].filter((part) => part !== "").join(": ") },
};

/** The steps that a lead goes through when all goes well, in order, by their names in the API. */
export const MILESTONES = Object.entries(STEPS).flatMap(([event, { kind }]) => (kind === "milestone" ? [event] : []));
export const labelOf = (event: string): string => STEPS[event]?.label ?? event;

const MS_WIDTH = 11;
const LABEL_WIDTH = 15;
const INDENT = " ".repeat(MS_WIDTH + 2 + LABEL_WIDTH);

const milliseconds = (ms: number): string => `${ms.toLocaleString("en-US")} ms`.padStart(MS_WIDTH);

/**
 * One line of the timeline: ms since the form, the step, what there is to say about it.
 * @param remark shown instead of the step's own words
 * @param receivedAt ms since the epoch
 */
export const renderEntry = ({ at, event, detail }: TimelineEntry, { receivedAt, remark, width, paint }: { receivedAt: number; remark?: string | undefined; width: number; paint: Paint }): string => {
  const step: Step = STEPS[event] ?? { label: event, kind: "between" };
  const words = remark ?? step.says?.(detail) ?? "";
  const [first = "", ...rest] = hang(INDENT, words, width).map((line) => line.slice(INDENT.length));
  const tone = step.kind === "trouble" ? "bad" : step.kind === "between" ? "quiet" : event === "connected" || event === "analysed" ? "good" : "strong";
  const time = milliseconds(Date.parse(at) - receivedAt);
  const head = `${step.kind === "between" ? paint("quiet", time) : time}  ${paint(tone, step.label.padEnd(LABEL_WIDTH))}${paint("quiet", first)}`.trimEnd();
  return [head, ...rest.map((line) => `${INDENT}${paint("quiet", line)}`)].join("\n");
};

const LINES_SHOWN = 6;
const NAMES: Readonly<Record<string, string>> = { owner: "Owner", customer: "Customer" };

/** What came of the conversation: summary, intent, next steps, and the first lines of what was said. Empty without an analysis. */
export const renderResult = ({ analysis, transcription, duration_s }: Pick<Call, "analysis" | "transcription" | "duration_s">, { width, paint }: { width: number; paint: Paint }): string => {
  if (analysis === null) return "";
  const field = (name: string, value: string): string[] => {
    const label = `  ${name.padEnd(11)}`;
    return hang(label, value, width).map((line) => `${paint("strong", line.slice(0, label.length))}${line.slice(label.length)}`);
  };
  const segments = transcription?.segments ?? [];
  const said = segments.slice(0, LINES_SHOWN).flatMap(({ speaker, start_s, text: words }) => {
    const label = `  ${`${start_s.toFixed(1)} s`.padStart(7)}  ${(NAMES[speaker] ?? speaker).padEnd(9)} `;
    return hang(label, words, width).map((line) => `${paint("quiet", line.slice(0, label.length))}${line.slice(label.length)}`);
  });
  const more = segments.length - LINES_SHOWN;
  return [
    ...field("Summary", analysis.summary),
    ...field("Intent", analysis.customer_intent),
    ...analysis.next_steps.flatMap((step, index) => field(index === 0 ? "Next steps" : "", step)),
    "",
    `  ${paint("strong", "What was said")}${duration_s === null ? "" : paint("quiet", ` (${duration_s} s)`)}`,
    ...said,
    ...(more > 0 ? [`  ${paint("quiet", `… and ${more} more line${more === 1 ? "" : "s"}`)}`] : []),
  ].join("\n");
};
