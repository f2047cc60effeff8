import fc from "fast-check";
import type { Beginning } from "./bridge-call.machine.ts";
import { aPlan, DANA, FORM_AT, person, Rehearsal, SAM } from "./bridge-call.testing.ts";
import type { BridgeCallState } from "./bridge-call.types.ts";
import type { Effect } from "./effect.types.ts";
import type { CallEvent } from "./event.types.ts";
import type { Person, Plan } from "./plan.schema.ts";

/* Everything that can reach a call, in any order, as often as it likes, whether or not it makes sense. */

/** `fits`: the event is about what is under way just then, whatever it was made for. */
export type Noise = [event: CallEvent, afterMs: number, fits: boolean];

const CALLER = { sid: "CAcaller", nonce: "in" };
const nonce = fc.constantFrom("n1", "n2", "n3", "in-1", "in-2", "owner", "foreign");
/** A Twilio call is one attempt's: a SID never comes with another's nonce. */
const leg = nonce.map((name) => ({ nonce: name, sid: name === "owner" ? "CAowner" : `CA-${name}` }));
const phone = fc.constantFrom(DANA.phone, SAM.phone);
const status = fc.constantFrom("queued" as const, "initiated" as const, "ringing" as const, "in-progress" as const, "completed" as const, "busy" as const, "failed" as const, "no-answer" as const, "canceled" as const);
const attempt = fc.constantFrom(0, 1, 1, 2);
const digit = fc.constantFrom("1", "1", "2", "9", "0", "", "7");
const until = fc.integer({ min: 0, max: 7_200_000 }).map((ms) => FORM_AT + ms);
const type = <T extends string>(name: T) => fc.constant(name);
const seconds = fc.constantFrom(null, 0, 5, 62);

const withLeg = <T extends object>(rest: fc.Arbitrary<T>) => fc.tuple(leg, rest).map(([one, other]) => ({ ...one, ...other }));

/* Apart, since with the union around it TypeScript takes the fields for optional ones. */
const legProgress = withLeg(fc.record({ type: type("leg_progress"), status, answered_by: fc.constantFrom(null, "human", "machine_start"), sip_code: fc.constantFrom(null, 503) }));
const ownerListening = withLeg(fc.record({ type: type("owner_listening") }));
const ownerKey = withLeg(fc.record({ type: type("owner_key"), digit }));
const menuKey = withLeg(fc.record({ type: type("menu_key"), digit, attempt }));

export const anyEvent: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({ type: type("cleared"), phone, nonce: fc.constantFrom("n1", "n2", "n3") }),
  fc.record({ type: type("blocked"), reason: fc.constantFrom("opted_out", "country"), detail: fc.constant("no") }),
  fc.record({ type: type("people_refused"), phones: fc.subarray([DANA.phone, SAM.phone], { minLength: 1 }), detail: fc.constant("no") }),
  fc.record({ type: type("must_wait"), until, because: fc.constantFrom("busy" as const, "contact" as const) }),
  fc.record({ type: type("granted"), phone }),
  fc.record({ type: type("window_opened"), place: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ type: type("contacted"), by: fc.constant("customer_called") }),
  fc.record({ type: type("owner_called_in"), nonce: type("owner"), sid: type("CAowner"), phone, name: fc.constant("") }),
  withLeg(fc.record({ type: type("dial_accepted") })),
  fc.record({ type: type("dial_refused"), nonce, failure: fc.constantFrom("permanent" as const, "retry" as const, "account" as const, "opted_out" as const), code: fc.constant(null), message: fc.constant("no") }),
  fc.record({ type: type("dial_unknown"), nonce, answered: fc.boolean() }),
  withLeg(fc.record({ type: type("leg_found"), status })),
  fc.record({ type: type("leg_absent"), nonce }),
  fc.record({ type: type("leg_uncertain"), nonce, candidates: fc.constant(2) }),
  fc.record({ type: type("look_up_failed"), nonce }),
  { arbitrary: legProgress, weight: 3 },
  withLeg(fc.record({ type: type("leg_is_machine") })),
  { arbitrary: ownerListening, weight: 3 },
  { arbitrary: ownerKey, weight: 4 },
  withLeg(fc.record({ type: type("menu_opened") })),
  { arbitrary: menuKey, weight: 2 },
  { arbitrary: fc.record({ type: type("customer_progress"), nonce, attempt, sid: type("CA-customer"), status, duration_s: seconds, sip_code: fc.constantFrom(null, 404, 503) }), weight: 2 },
  fc.record({ type: type("customer_judged"), nonce, attempt, sid: type("CA-customer"), answered_by: fc.constantFrom("human", "machine_end_beep", "unknown") }),
  fc.record({ type: type("customer_listening"), nonce, attempt }),
  fc.record({ type: type("notice_done"), nonce, attempt }),
  { arbitrary: fc.record({ type: type("dial_done"), nonce, attempt, status, bridged: fc.constantFrom(null, true, false), duration_s: seconds, over: fc.boolean() }), weight: 2 },
  fc.record({ type: type("caller_listening") }),
  fc.record({ type: type("caller_key"), digit, menu: fc.constantFrom("language", "emergency") }),
  fc.record({ type: type("caller_progress"), status }),
  fc.record({ type: type("message_left"), duration_s: seconds }),
  fc.record({ type: type("message_absent") }),
  fc.record({ type: type("sms_sent"), sid: fc.constant("SM1"), purpose: fc.constant("lead_card" as const), party: fc.constant("owner" as const) }),
  fc.record({ type: type("sms_refused"), message: fc.constant("no"), purpose: fc.constant("lead_card" as const), party: fc.constant("owner" as const) }),
  fc.record({ type: type("noted"), event: fc.constant("alert" as const), detail: fc.constant({}) }),
  fc.record({ type: type("wanted"), asked_at: fc.constantFrom(null, 0), emergency: fc.boolean() }),
  { arbitrary: fc.record({ type: type("tick") }), weight: 4 },
);

/** 15:00 of a Sunday in Auckland is when the form came in. */
const hours = fc.constantFrom<Person["schedule"][]>(
  { time_zone: "Pacific/Auckland" },
  { time_zone: "Pacific/Auckland", hours: { sun: ["15:00-15:10"], mon: ["08:00-17:00"] } },
  { time_zone: "Pacific/Auckland", hours: { mon: ["08:00-08:05"] } },
  { time_zone: "Pacific/Auckland", hours: {} },
);

const spoken = { language: "en-US", greeting: "Hi.", closed_greeting: "Closed.", notice: "Recorded.", voicemail_prompt: "Speak." };
const inbound = fc.record({
  languages: fc.constantFrom<NonNullable<Plan["inbound"]>["languages"][]>([{ ...spoken, key: "", offer: "" }], [{ ...spoken, key: "", offer: "" }, { ...spoken, key: "2", offer: "Dos" }]),
  message_max_s: fc.constant(120),
  message_only: fc.boolean(),
  emergency_offer: fc.constantFrom(null, "Press 1."),
  text_back_key: fc.constant("text_back"),
});

/** The road of a call that goes well, of which a story may first go a part: noise alone seldom gets far. */
const ROAD: CallEvent[] = [
  { type: "cleared", phone: DANA.phone, nonce: "" },
  { type: "dial_accepted", nonce: "", sid: "" },
  { type: "leg_progress", nonce: "", sid: "", status: "ringing", answered_by: null, sip_code: null },
  { type: "owner_listening", nonce: "", sid: "" },
  { type: "owner_key", nonce: "", sid: "", digit: "1" },
  { type: "customer_progress", nonce: "", attempt: 0, sid: "CA-customer", status: "ringing", duration_s: null, sip_code: null },
  { type: "dial_done", nonce: "", attempt: 0, status: "busy", bridged: null, duration_s: null, over: false },
];

export interface AnyBeginning {
  /** How many steps of the road it goes first. */
  steps: number;
  plan: Plan;
  beginning: Beginning;
}

/** Both directions, every strategy, one round or several, any hours, machines and messages or none. */
export const anyPlan: fc.Arbitrary<AnyBeginning> = fc
  .record({
    strategy: fc.constantFrom("sequential" as const, "simultaneous" as const, "round_robin" as const),
    rounds: fc.integer({ min: 1, max: 3 }),
    customer_attempts: fc.integer({ min: 1, max: 3 }),
    emergency: fc.boolean(),
    machines: fc.boolean(),
    message: fc.constantFrom(null, { text: "Call us." }),
    reasons: fc.constantFrom<string[][]>([], ["too far"]),
    strict: fc.boolean(),
    dana: hours,
    sam: fc.option(hours),
    inbound: fc.option(inbound),
    max_age_ms: fc.constantFrom(60_000, 3_600_000),
    turn: fc.nat(5),
    steps: fc.oneof(fc.constant(0), fc.nat(ROAD.length)),
  })
  .map(({ dana, sam, machines, message, reasons, strict, turn, steps, ...rest }) => ({
    steps,
    plan: aPlan({
      ...rest,
      direction: rest.inbound === null ? "outbound" : "inbound",
      destinations: [person("Dana", DANA.phone, dana), ...(sam === null ? [] : [person("Sam", SAM.phone, sam)])],
      detect_machines: { owner: machines, customer: machines },
      voicemail_message: message,
      decline_reasons: reasons,
      recording: { enabled: true, strict, owner_notice: "Recorded.", customer_notice: "Recorded." },
      fallback_phone: "+64210000009",
      texts: { card: "card", voicemail_card: "voicemail", alert: "alert", before_ring: "{person} rings you", missed: "missed", feedback: "how was it", text_back: "sorry" },
    }),
    beginning: { turn, ...(rest.inbound === null ? {} : { caller: CALLER }) },
  }));

/** Makes an event speak of the newest leg, the ring under way, the menu that is open: what Twilio mostly does. */
export const fitTo = (state: BridgeCallState, event: CallEvent): CallEvent => {
  const { legs, untried, customer, caller } = state;
  if (event.type === "cleared") return { ...event, phone: untried[0]?.phone ?? event.phone, nonce: `n${legs.length + 1}` };
  if (event.type === "caller_key") return { ...event, menu: caller?.menu ?? event.menu };
  if (!("nonce" in event) || event.type === "owner_called_in") return event;
  const about = legs.find((one) => one.nonce === state.winner) ?? legs.at(-1);
  if (!about) return event;
  const own = { ...event, nonce: about.nonce };
  if ("attempt" in own) own.attempt = customer.attempts;
  if ("sid" in own && own.sid !== "CA-customer") own.sid = about.sid ?? `CA-${about.nonce}`;
  return own;
};

export const anyStory = (maxLength = 60): fc.Arbitrary<Noise[]> =>
  fc.array(fc.tuple(anyEvent, fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 90_000 })), fc.integer({ max: 9, min: 0 }).map((chance) => chance < 8)), { maxLength, size: "max" });

/** What a step led to. */
export interface Step {
  state: BridgeCallState;
  event: CallEvent;
  added: Effect[];
}

export const play = ({ plan, beginning, steps }: AnyBeginning, story: Noise[], each: (step: Step) => void = () => undefined): Rehearsal => {
  const call = new Rehearsal(plan, beginning);
  const road = ROAD.slice(0, steps).map((event): Noise => [event, 100, true]);
  for (const [any, after, fits] of [...road, ...story]) {
    const known = call.effects.length;
    const event = fits ? fitTo(call.state, any) : any;
    call.send(event, after);
    each({ state: call.state, event, added: call.effects.slice(known) });
  }
  return call;
};
