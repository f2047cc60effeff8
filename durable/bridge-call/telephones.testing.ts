import { vi } from "vitest";
import { fromTwilio } from "../../test/support/api.ts";
import type { TwilioWire, WireAnswer, WireRequest } from "../../test/support/twilio-wire.ts";

/** Somebody with a telephone. */
export interface Callee {
  /** Nobody, unless said. */
  answers?: "person" | "machine";
  /** Who answers from the second time on. */
  then?: "person" | "machine";
  /** It rings until somebody ends it. */
  rings_on?: boolean;
  /** What they press each time that they are asked; after the last they put the phone down, or `listens` on. */
  keys?: string[];
  listens?: boolean;
  /** After the tone. */
  leaves_message?: boolean;
  /** Twilio's reports about this phone are lost on their way to us. */
  unheard?: boolean;
  /** Twilio makes the call, and its answer is lost. */
  answer_lost?: boolean;
}

interface Leg {
  resource: { sid: string; to: string; from: string; status: string; date_created: string };
  who: Callee;
  /** Where Twilio reports on it; null: nowhere. */
  reports: string | null;
  parent: Leg | null;
  dial: { action: string; children: Leg[] } | null;
  /** Grows when the leg is sent elsewhere: what was about to happen on it does not happen any more. */
  turn: number;
}

const OVER = new Set(["completed", "busy", "no-answer", "canceled", "failed"]);
const TALK_S = 62;
/** Twilio's "Call is not in-progress". */
const NOT_IN_PROGRESS = { status: 400, body: { code: 21220, message: "Call is not in-progress. Cannot redirect." } } as const;

const attribute = (xml: string, tag: string, name: string): string | null =>
  new RegExp(`<${tag}(?: [^>]*)? ${name}="([^"]*)"`).exec(xml)?.[1]?.replaceAll("&amp;", "&") ?? null;

/**
 * The telephones at the other end of Twilio: they ring, are picked up or not, and do what our TwiML says, one step at a time,
 * so that a test may kill us between any two. Knows the wire only.
 */
export class Telephones {
  readonly #wire: TwilioWire;
  readonly #people = new Map<string, Callee>();
  readonly #legs: Leg[] = [];
  readonly #happenings: { leg: Leg; turn: number | null; happens: () => void | Promise<void> }[] = [];
  readonly #recordings = new Map<string, number>();
  #talks = 0;
  #sids = 0;
  #behindMs = 0;

  constructor(wire: TwilioWire) {
    this.#wire = wire;
  }

  /** Whom the phones belong to from now on; nothing of before is remembered. */
  belongTo(people: Record<string, Callee>): void {
    this.#people.clear();
    for (const [phone, who] of Object.entries(people)) this.#people.set(phone, { ...who, keys: [...(who.keys ?? [])] });
    for (const list of [this.#legs, this.#happenings]) list.length = 0;
    this.#recordings.clear();
    this.#talks = 0;
  }

  /** Our clock runs so far ahead of Twilio's. */
  areBehind(ms: number): void {
    this.#behindMs = ms;
  }

  rings(phone: string): number {
    return this.#legs.filter((leg) => leg.resource.to === phone).length;
  }

  /** How many pairs of people have talked. */
  get talks(): number {
    return this.#talks;
  }

  /** How many recordings were started by REST. */
  get recordings(): number {
    return [...this.#recordings.values()].reduce((sum, count) => sum + count, 0);
  }

  get onTheLine(): string[] {
    return this.#legs.filter((leg) => !OVER.has(leg.resource.status)).map((leg) => leg.resource.to);
  }

  /** Somebody calls the business. */
  async calls(from: string, projectId: string): Promise<void> {
    const leg = this.#connect({ to: from, from, reports: null, parent: null, url: null });
    await this.#fetch(leg, `https://apex.test/api/voice/incoming?project_id=${projectId}`, {});
  }

  /** Twilio's REST interface, as far as it is about calls. */
  serve({ method, path, form }: WireRequest): WireAnswer | undefined {
    if (method === "POST" && path.endsWith("/Calls.json")) {
      const leg = this.#connect({ to: form.get("To") ?? "", from: form.get("From") ?? "", reports: form.get("StatusCallback"), parent: null, url: form.get("Url") });
      if (leg.who.answer_lost === true) return "no answer";
      return { status: 201, body: leg.resource };
    }
    const [, sid, recordings] = /\/Calls\/(\w+)(\/Recordings)?\.json$/.exec(path) ?? [];
    const leg = this.#legs.find((one) => one.resource.sid === sid);
    if (!leg) return undefined;
    if (recordings !== undefined) return this.#record(leg, method);
    if (method !== "POST") return undefined;
    if (OVER.has(leg.resource.status)) return NOT_IN_PROGRESS;
    const url = form.get("Url");
    if (url === null) this.#end(leg, "completed");
    // Twilio answers first, and whatever the leg is told meanwhile it still begins with.
    else this.#happenings.push({ leg, turn: null, happens: () => this.#redirect(leg, url) });
    return { status: 200, body: leg.resource };
  }

  /** The next thing happens on some telephone. @returns false when all of them are quiet */
  async step(): Promise<boolean> {
    const next = this.#happenings.shift();
    if (!next) return false;
    if (next.turn === null || next.turn === next.leg.turn) await next.happens();
    return true;
  }

  #connect({ to, from, reports, parent, url }: { to: string; from: string; reports: string | null; parent: Leg | null; url: string | null }): Leg {
    const resource = { sid: `CA${Date.now()}x${++this.#sids}`, to, from, status: "queued", date_created: new Date(Date.now() - this.#behindMs).toUTCString() };
    const leg: Leg = { resource, who: this.#people.get(to) ?? {}, reports, parent, dial: null, turn: 0 };
    if (leg.who.then !== undefined && this.rings(to) > 0) leg.who = { ...leg.who, answers: leg.who.then };
    this.#legs.push(leg);
    this.#wire.calls.unshift(resource);
    if (url !== null) this.#soon(leg, () => this.#ring(leg, url));
    else if (parent === null) resource.status = "in-progress";
    return leg;
  }

  #soon(leg: Leg, happens: () => void | Promise<void>): void {
    this.#happenings.push({ leg, turn: leg.turn, happens });
  }

  /** Twilio says what has become of a leg. It tries again where we fail (`#rc=3`). */
  #report(leg: Leg, extra: Record<string, string> = {}): void {
    const { reports, resource, who } = leg;
    if (reports === null || who.unheard === true) return;
    const form = { CallSid: resource.sid, CallStatus: resource.status, ...extra };
    this.#happenings.push({ leg, turn: null, happens: async () => { await this.#post(reports, form); } });
  }

  async #post(address: string, form: Record<string, string>): Promise<string> {
    for (let retries = 3; ; retries--) {
      const response = await fromTwilio(address, form);
      if (response.ok) return response.text();
      if (retries === 0) throw new Error(`${response.status} from ${address}`);
    }
  }

  async #fetch(leg: Leg, address: string, extra: Record<string, string>): Promise<void> {
    const { turn, resource } = leg;
    const document = await this.#post(address, { CallSid: resource.sid, From: resource.from, To: resource.to, CallStatus: resource.status, ...extra });
    if (leg.turn === turn) this.#hear(leg, document);
  }

  #ring(leg: Leg, url: string): void {
    leg.resource.status = "ringing";
    this.#report(leg);
    if (leg.who.rings_on !== true) this.#soon(leg, async () => this.#stopRinging(leg, url));
  }

  async #stopRinging(leg: Leg, url: string): Promise<void> {
    if (leg.who.answers === undefined) {
      this.#end(leg, "no-answer");
      return;
    }
    leg.resource.status = "in-progress";
    for (const other of leg.parent?.dial?.children ?? []) if (other !== leg) this.#end(other, "canceled");
    this.#report(leg);
    await this.#fetch(leg, url, {});
  }

  #end(leg: Leg, status: string, extra: Record<string, string> = {}): void {
    if (OVER.has(leg.resource.status)) return;
    leg.resource.status = status;
    leg.turn += 1;
    for (const child of leg.dial?.children ?? []) this.#end(child, child.resource.status === "in-progress" ? "completed" : "canceled");
    this.#report(leg, extra);
    this.#dialIsOver(leg, { DialCallStatus: status, ...(extra.CallDuration === undefined ? {} : { DialBridged: "true", DialCallDuration: extra.CallDuration }) });
  }

  /** Where this was the last leg of a <Dial> on a line that still stands, the line goes on. */
  #dialIsOver({ parent }: Leg, form: Record<string, string>): void {
    const dial = parent?.dial ?? null;
    if (parent === null || dial === null || OVER.has(parent.resource.status) || dial.children.some((child) => child.parent !== null && !OVER.has(child.resource.status))) return;
    parent.dial = null;
    this.#soon(parent, async () => this.#fetch(parent, dial.action, form));
  }

  #redirect(leg: Leg, url: string): void {
    if (OVER.has(leg.resource.status)) return;
    leg.turn += 1;
    const { parent } = leg;
    leg.parent = null;
    if (parent !== null) this.#dialIsOver({ ...leg, parent }, { DialCallStatus: "completed", DialBridged: "true" });
    const children = leg.dial?.children.filter((child) => child.parent === leg) ?? [];
    leg.dial = null;
    for (const child of children) this.#end(child, "completed");
    this.#soon(leg, async () => this.#fetch(leg, url, {}));
  }

  #record({ resource }: Leg, method: string): WireAnswer {
    const known = this.#recordings.get(resource.sid) ?? 0;
    if (method === "GET") return { status: 200, body: { recordings: Array.from({ length: known }, (_, index) => ({ sid: `RE${resource.sid}${index}` })) } };
    // Two of them cannot run together.
    if (OVER.has(resource.status) || known > 0) return NOT_IN_PROGRESS;
    this.#recordings.set(resource.sid, known + 1);
    return { status: 201, body: { sid: `RE${resource.sid}${known}` } };
  }

  /** Does what a document says. */
  #hear(leg: Leg, xml: string): void {
    const { who } = leg;
    const asked = attribute(xml, "Gather", "action");
    const dialled = attribute(xml, "Dial", "action");
    const recorded = attribute(xml, "Record", "action");
    const next = /<Redirect[^>]*>([^<]*)</.exec(xml)?.[1]?.replaceAll("&amp;", "&");
    if (asked !== null) this.#press(leg, asked);
    else if (dialled !== null) this.#dial(leg, dialled, xml);
    else if (recorded !== null && who.leaves_message === true) this.#soon(leg, async () => this.#fetch(leg, recorded, { RecordingSid: `RE${leg.resource.sid}`, RecordingDuration: "12" }));
    else if (next !== undefined) this.#soon(leg, async () => this.#fetch(leg, next, {}));
    else if (leg.parent !== null && !xml.includes("<Hangup")) this.#soon(leg, () => this.#talk(leg));
    // Parked, it waits for whatever comes; else the document, or whoever is asked for a message, has no more to say.
    else if (!xml.includes("<Pause")) this.#soon(leg, () => this.#end(leg, "completed"));
  }

  #press(leg: Leg, action: string): void {
    const key = leg.who.keys?.shift();
    if (key !== undefined) this.#soon(leg, async () => this.#fetch(leg, action, { Digits: key }));
    else if (leg.who.listens !== true) this.#soon(leg, () => this.#end(leg, "completed"));
  }

  #dial(leg: Leg, action: string, xml: string): void {
    const judge = attribute(xml, "Number", "amdStatusCallback");
    const children = [...xml.matchAll(/<Number [^>]*>([^<]*)<\/Number>/g)].map(([number, to = ""]) =>
      this.#connect({ to, from: leg.resource.to, reports: attribute(number, "Number", "statusCallback"), parent: leg, url: attribute(number, "Number", "url") }));
    leg.dial = { action, children };
    for (const child of children) {
      if (judge !== null && child.who.answers !== undefined) this.#happenings.push({ leg: child, turn: null, happens: async () => this.#judge(child, judge) });
    }
  }

  /** Twilio's answering machine detection, once somebody or something has picked up. */
  async #judge(leg: Leg, address: string): Promise<void> {
    if (leg.resource.status === "in-progress") await this.#post(address, { CallSid: leg.resource.sid, AnsweredBy: leg.who.answers === "machine" ? "machine_end_beep" : "human" });
    else if (!OVER.has(leg.resource.status)) this.#happenings.push({ leg, turn: null, happens: async () => this.#judge(leg, address) });
  }

  #talk(leg: Leg): void {
    // A machine speaks, and nobody listens yet.
    if (leg.who.answers === "machine") return;
    this.#talks += 1;
    vi.setSystemTime(Date.now() + TALK_S * 1000);
    this.#end(leg, "completed", { CallDuration: String(TALK_S) });
  }
}
