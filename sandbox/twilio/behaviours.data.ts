/** How the person (or machine) at a number behaves. Times are milliseconds before the sandbox's speed is applied. */
export interface Behaviour {
  readonly pickup: "answers" | "no-answer" | "busy" | "declines" | "fails" | "rings";
  /** From the first ring to the answer, or to declining. */
  readonly answer_after_ms: number;
  /** What is pressed at the first, second, … Gather; the last repeats; "" or none presses nothing. `#` ends an entry. */
  readonly keys: readonly string[];
  readonly key_after_ms: number;
  /** Presses only what it is told from outside (`POST /_sandbox/twilio/told`), and waits for it at every Gather. */
  readonly told: boolean;
  /** Keeps the line at a Pause, however short, until somebody ends the call or sends it elsewhere. */
  readonly holds: boolean;
  /** A voicemail machine, told apart by machine detection. */
  readonly machine: boolean;
  /** `whisper`: while the first document is heard. `waiting`: while the other side of a Dial rings. `talking`: half-way through. */
  readonly hangs_up: "never" | "whisper" | "waiting" | "talking";
  /** How long the conversation lasts in waiting time; null: until somebody else ends it. */
  readonly talk_ms: number | null;
  /** How long it lasts in the recording, in seconds; null: as long as its sentences take. */
  readonly spoken_s: number | null;
  /** At a Record verb: says something and hangs up, says something and presses #, says nothing. */
  readonly message: "leaves" | "leaves-and-presses" | "silent";
  /** The error code with which a POST of a call (or message) to this number is refused; null: it is taken. */
  readonly call_error: number | null;
  readonly sms_error: number | null;
  readonly sms: "delivered" | "undelivered" | "failed";
  /** The error code that comes with an undelivered or failed message. */
  readonly sms_code: number | null;
  /** What the person answers to the first text that arrives, and where that text's sender has its incoming messages sent; null: nothing. */
  readonly sms_reply: { readonly body: string; readonly url: string } | null;
}

/** Anybody whose number is not in the table below. */
export const DEFAULT_BEHAVIOUR: Behaviour = {
  pickup: "answers",
  answer_after_ms: 400,
  keys: ["1"],
  key_after_ms: 600,
  told: false,
  holds: false,
  machine: false,
  hangs_up: "never",
  talk_ms: 4000,
  spoken_s: null,
  message: "leaves",
  call_error: null,
  sms_error: null,
  sms: "delivered",
  sms_code: null,
  sms_reply: null,
};

export interface NumberRow {
  /** The last four digits of the number. */
  readonly suffix: string;
  readonly says: string;
  readonly differs: Partial<Behaviour>;
}

/** Numbers by their last four digits. sandbox/README.md shows the same table; a test compares the two. */
export const NUMBER_TABLE: readonly NumberRow[] = [
  { suffix: "9901", says: "answers and presses 1 (as every number that is not in this table)", differs: {} },
  { suffix: "9902", says: "answers after 5 s and presses 1", differs: { answer_after_ms: 5000 } },
  { suffix: "9903", says: "never answers", differs: { pickup: "no-answer" } },
  { suffix: "9904", says: "is busy, without ringing", differs: { pickup: "busy" } },
  { suffix: "9905", says: "declines after ringing (`busy`)", differs: { pickup: "declines" } },
  { suffix: "9906", says: "answers and presses 0", differs: { keys: ["0"] } },
  { suffix: "9907", says: "answers and presses 9", differs: { keys: ["9"] } },
  { suffix: "9908", says: "answers, presses 2, and 1 at the next Gather", differs: { keys: ["2", "1"] } },
  { suffix: "9909", says: "answers and never presses anything (call screening)", differs: { keys: [] } },
  { suffix: "9910", says: "voicemail machine: greeting, beep, never presses; `AnsweredBy=machine_start`", differs: { machine: true, keys: [], message: "silent" } },
  { suffix: "9911", says: "invalid: calls and messages refused at POST with 21211", differs: { call_error: 21211, sms_error: 21211 } },
  { suffix: "9912", says: "invalid: calls refused at POST with 21217, messages with 21614", differs: { call_error: 21217, sms_error: 21614 } },
  { suffix: "9913", says: "call accepted, then `failed`", differs: { pickup: "fails" } },
  { suffix: "9914", says: "answers and hangs up during the first document (the whisper)", differs: { hangs_up: "whisper" } },
  { suffix: "9915", says: "presses 1 and hangs up in the middle of the conversation", differs: { hangs_up: "talking" } },
  { suffix: "9916", says: "unsubscribed: messages refused at POST with 21610", differs: { sms_error: 21610 } },
  { suffix: "9917", says: "landline: messages undelivered with 30006", differs: { sms: "undelivered", sms_code: 30006 } },
  { suffix: "9918", says: "unreachable: messages undelivered with 30003", differs: { sms: "undelivered", sms_code: 30003 } },
  { suffix: "9919", says: "messages failed with 30008", differs: { sms: "failed", sms_code: 30008 } },
  { suffix: "9920", says: "talks for an hour in the recording (115 MB, streamed)", differs: { spoken_s: 3600 } },
  { suffix: "9921", says: "hangs up while the other side of a Dial is still ringing", differs: { hangs_up: "waiting" } },
  { suffix: "9922", says: "stays on the line until somebody else ends the call", differs: { talk_ms: null } },
  { suffix: "9923", says: "says nothing at a Record verb (recording `absent`)", differs: { message: "silent" } },
  { suffix: "9924", says: "presses nothing at the first Gather, 1 at the next", differs: { keys: ["", "1"] } },
  { suffix: "9925", says: "says something at a Record verb and presses #", differs: { message: "leaves-and-presses" } },
  { suffix: "9926", says: "rings, whatever the time-out, until somebody ends the call or it is told to pick up", differs: { pickup: "rings" } },
  { suffix: "9927", says: "answers, and presses what it is told from outside, when it is told", differs: { told: true } },
  { suffix: "9928", says: "voicemail machine that records until somebody ends the call or sends it elsewhere", differs: { machine: true, keys: [], message: "silent", talk_ms: null, holds: true } },
];
