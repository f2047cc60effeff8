import { z } from "zod";
import type { LogEntry, Sandbox } from "../../../sandbox/index.ts";

/* What the vendors saw, read from the sandbox's log: the proof from outside of everything that the API claims. */

const seq = z.number();
const form = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const requestSchema = z.object({ kind: z.literal("request"), seq, at: z.number(), vendor: z.enum(["twilio", "gemini"]), method: z.string(), path: z.string(), form: form.default({}), status: z.union([z.number(), z.literal("lost")]).nullable() });
const legSchema = z.object({ kind: z.literal("call"), seq, at: z.number(), call_sid: z.string(), parent_call_sid: z.string().nullable(), to: z.string(), from: z.string(), status: z.string() });
const heardSchema = z.object({ kind: z.literal("call"), seq, call_sid: z.string(), heard: z.string(), text: z.string() });
const pressedSchema = z.object({ kind: z.literal("call"), seq, call_sid: z.string(), pressed: z.string().nullable() });
const bridgedSchema = z.object({ kind: z.literal("call"), seq, call_sid: z.string(), bridged_to: z.string() });
const smsSchema = z.object({ kind: z.literal("sms"), seq, message_sid: z.string(), to: z.string(), from: z.string(), body: z.string(), status: z.string() });
const recordingSchema = z.object({ kind: z.literal("recording"), seq, recording_sid: z.string(), call_sid: z.string(), source: z.string(), status: z.string() });
const callbackSchema = z.object({ kind: z.literal("callback"), seq, purpose: z.string(), url: z.string(), body: z.string(), params: z.record(z.string(), z.string()), signature: z.string(), idempotency_token: z.string(), call_sid: z.string().optional(), status: z.number().nullable(), error: z.string().nullable() });
export type VendorRequest = z.infer<typeof requestSchema>;
export type Callback = z.infer<typeof callbackSchema>;

/** One telephone that rang, or was to ring. */
export interface Leg {
  sid: string;
  parent: string | null;
  to: string;
  from: string;
  /** When it was made and when it ended, as places in the log; Infinity while it lives. */
  began: number;
  ended: number;
  /** Its last status. */
  status: string;
}

const OVER = new Set(["completed", "busy", "failed", "no-answer", "canceled"]);

/** @param from where a signed request of ours may be told from: entries after this place in the log */
export const readLog = (sandbox: Pick<Sandbox, "events">) => {
  const all = <T>(schema: z.ZodType<T>, kind: LogEntry["kind"], after = 0): T[] =>
    sandbox.events({ kind, after }).flatMap((entry) => {
      const parsed = schema.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    });

  const legs = (): Leg[] => {
    const found = new Map<string, Leg>();
    for (const { call_sid, parent_call_sid, to, from, status, seq: place } of all(legSchema, "call")) {
      const leg = found.get(call_sid) ?? { sid: call_sid, parent: parent_call_sid, to, from, began: place, ended: Infinity, status };
      found.set(call_sid, { ...leg, status, ended: OVER.has(status) ? place : Infinity });
    }
    return [...found.values()];
  };

  return {
    /** This moment, as a place in the log. */
    now: (): number => sandbox.events().at(-1)?.seq ?? 0,
    /** Every request to Twilio to ring this phone, whatever came of it. */
    dials: (to: string): VendorRequest[] => all(requestSchema, "request").filter(({ method, path, form: fields }) => method === "POST" && /\/Calls\.json$/.test(path) && fields["To"] === to),
    /** Every leg, in the order in which they were made. */
    legs,
    /** The legs that exist or existed to this phone. */
    legsTo: (to: string): Leg[] => legs().filter((leg) => leg.to === to),
    legsOf: (parentSid: string): Leg[] => legs().filter((leg) => leg.parent === parentSid),
    heardBy: (callSid: string) => all(heardSchema, "call").filter((entry) => entry.call_sid === callSid),
    pressedBy: (callSid: string) => all(pressedSchema, "call").filter((entry) => entry.call_sid === callSid),
    bridged: (callSid: string) => all(bridgedSchema, "call").filter((entry) => entry.call_sid === callSid),
    /** Texts that Twilio took, one entry each. */
    textsTo: (to: string) => all(smsSchema, "sms").filter((entry) => entry.to === to && entry.status === "queued"),
    recordingsOf: (callSid: string) => all(recordingSchema, "recording").filter((entry) => entry.call_sid === callSid),
    /** Requests for the sound of a recording. */
    downloads: (recordingSid: string) => all(requestSchema, "request").filter(({ path }) => path.includes(`/Recordings/${recordingSid}.wav`)),
    /** POST …/Calls/{sid}/Recordings.json */
    recordingStarts: (callSid: string) => all(requestSchema, "request").filter(({ method, path }) => method === "POST" && path.endsWith(`/Calls/${callSid}/Recordings.json`)),
    /** Requests to a model for words. */
    generations: (after: number) => all(requestSchema, "request", after).filter(({ vendor, path }) => vendor === "gemini" && path.endsWith(":generateContent")),
    /** What models were asked, word for word. */
    questions: (): string[] => sandbox.events({ kind: "request" }).filter((entry) => entry["vendor"] === "gemini" && entry["body"] !== null).map((entry) => JSON.stringify(entry["body"])),
    callbacks: (callSid?: string): Callback[] => all(callbackSchema, "callback").filter((entry) => callSid === undefined || entry.params["CallSid"] === callSid || entry.call_sid === callSid),
    errors: (): readonly LogEntry[] => sandbox.events({ kind: "error" }),
  };
};

export type SandboxLog = ReturnType<typeof readLog>;
