import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox as WholeSandbox } from "../../../sandbox/index.ts";
import type { Api, Call, TimelineEntry } from "./api.ts";
import { hang, type Paint } from "./text.ts";
import { renderEntry, renderResult } from "./timeline.ts";
import { missingSteps, type Outcome, watchCall } from "./watch-call.ts";

export interface Screen {
  print: (text: string) => void;
  paint: Paint;
  /** Columns. */
  width: number;
}

/** What is needed of it: it may run in another process, whose ears we have not. */
type Sandbox = Pick<WholeSandbox, "url" | "events">;

/** Ringing, whisper, conversation and analysis take about ten seconds here; a loaded machine gets its time. */
const TIMEOUT_MS = 90_000;

/** What was said to the owner before a key was pressed: the sandbox listens with them. */
const whisperOf = (sandbox: Sandbox, callSid: string | null): string | undefined => {
  const heard = sandbox.events({ kind: "call" }).find((event) => event["call_sid"] === callSid && event["in"] === "Gather");
  return typeof heard?.["text"] === "string" ? heard["text"] : undefined;
};

const remarkOn = ({ event }: TimelineEntry, call: Call, { form, sandbox }: { form: string; sandbox: Sandbox }): string | undefined => {
  if (event === "received") return form;
  if (event === "ended" && call.end_reason === "connected" && call.duration_s !== null) return `${call.duration_s} s of talk, which the sandbox passes in 4`;
  if (event !== "owner_pressed") return undefined;
  const whisper = whisperOf(sandbox, call.call_sid);
  return whisper === undefined ? undefined : `after “${whisper}”`;
};

const secondsTo = (call: Call, event: string): string => {
  const entry = call.timeline.find((candidate) => candidate.event === event);
  const received = call.timeline[0];
  return entry === undefined || received === undefined ? "" : `${((Date.parse(entry.at) - Date.parse(received.at)) / 1000).toFixed(1)} s`;
};

const renderOutcome = (outcome: Outcome, { paint, width, logFile, sandboxUrl }: Pick<Screen, "paint" | "width"> & { logFile: string; sandboxUrl: string }): string => {
  switch (outcome.kind) {
    case "analysed":
      return `  ${paint("good", `From form to conversation in ${secondsTo(outcome.call, "connected")}.`)}\n\n${renderResult(outcome.call, { paint, width })}`;
    case "unconnected":
      return `  ${paint("bad", `No conversation: the call ended as ${outcome.call.end_reason ?? "nobody knows what"}.`)} So there is nothing to record.`;
    case "overdue":
      return [
        paint("bad", `  Not there after ${TIMEOUT_MS / 1000} s: ${missingSteps(outcome.call)}.`),
        ...(outcome.error === null ? [] : hang("  ", `The last look at the call failed: ${outcome.error}`, width)),
        ...hang("  ", `What the Worker says of it is in ${logFile}; while the sandbox is up, GET ${sandboxUrl}/_sandbox/log?kind=error has what the vendors complained of.`, width),
      ].join("\n");
  }
};

/**
 * Prints a lead's call as it happens, then what came of it.
 * @param form what the lead said, for the first line
 */
export const showCall = async (
  { api, sandbox, screen, logFile }: { api: Api; sandbox: Sandbox; screen: Screen; logFile: string },
  { leadId, form }: { leadId: string; form: string },
): Promise<Outcome> => {
  const { print, paint, width } = screen;
  let id: string | undefined;
  const outcome = await watchCall({
    look: async () => {
      id ??= (await api.callsOf({ lead_id: leadId }))[0]?.id;
      return id === undefined ? null : api.call(id);
    },
    onEntry: (entry, call) => print(renderEntry(entry, { receivedAt: Date.parse(call.timeline[0]?.at ?? entry.at), remark: remarkOn(entry, call, { form, sandbox }), width, paint })),
    timeoutMs: TIMEOUT_MS,
    now: () => performance.now(),
    sleep,
  });
  print(`\n${renderOutcome(outcome, { paint, width, logFile, sandboxUrl: sandbox.url })}`);
  return outcome;
};

const LOOK_EVERY_MS = 1_000;

/**
 * Shows every further lead of a project that gets a call, one after another, oldest first, for ever. Leads whose calls are
 * there already are not shown.
 */
export const showLeadsToCome = async (show: (lead: { leadId: string; form: string }) => Promise<unknown>, { api, projectId, print }: { api: Api; projectId: string; print: (text: string) => void }): Promise<never> => {
  const newest = async () => api.callsOf({ project_id: projectId, limit: "20" });
  const seen = new Set((await newest()).map(({ id }) => id));
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    try {
      for (const call of (await newest()).reverse().filter(({ id }) => !seen.has(id))) {
        const lead = await api.lead(call.lead_id);
        seen.add(call.id);
        print("");
        await show({ leadId: lead.id, form: `${lead.name}, ${lead.primary_contact}` });
      }
    } catch {
      // The Worker starts anew when its code changes. If it has ended, that is told elsewhere.
    }
  }
};
