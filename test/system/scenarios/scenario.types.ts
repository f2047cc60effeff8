import type { Behaviour } from "../../../sandbox/index.ts";

/* A scenario as data: who is at which number, the business's DNA, what happens at which hour, and what must be seen of it from outside. */

/** What a clock on the wall of that place shows. */
export interface Moment {
  /** `2027-02-10T10:00` */
  wall: string;
  /** IANA. Where the clock shows that time twice, the earlier is meant. */
  zone: string;
}

/** Who is at a number: a row of the sandbox's table by its suffix, or a behaviour; `number` where it matters which. */
export type Person = string | (Partial<Behaviour> & { number?: string });

export interface Business {
  country?: string;
  /** Whom it rings, in order, by their names among the scenario's people; with a line of YAML for what they have besides. */
  team: readonly (string | readonly [name: string, more: string])[];
  /** Lines of YAML under `sales_bridge`, `inbound` and at the top. `{name}` is that person's number. */
  bridge?: readonly string[];
  inbound?: readonly string[];
  dna?: readonly string[];
}

/** What somebody does. Deeds of one act come one after another. */
export type Deed =
  /** A form comes in. */
  | { form: string; name?: string; service?: string; message?: string }
  /** Somebody rings the business's number; `hidden`: without theirs. */
  | { calls: string; hidden?: true }
  | { texts: string; body: string }
  /** Ends the newest leg of that person's that lives. */
  | { hangs_up: string }
  /** Keys, or `pick up`, to somebody who does as told (sandbox/README.md). */
  | { told: string; word: string }
  /** From the next call on that person is somebody else. */
  | { becomes: string; now: Partial<Behaviour> }
  | { blocks: string }
  /** Waits until the world looks like this before going on. */
  | { until: Partial<Sight> }
  /** Twilio refuses to place calls, or does so again. */
  | { outage: boolean }
  /** The Worker dies and is started again. */
  | { kill: true };

export interface CallSeen {
  /** Outbound when left out. */
  direction?: "outbound" | "inbound";
  /** Why it ended; null while it goes on, and then its status (`any`: it changes from moment to moment). */
  end: string | null;
  status?: string;
  /** The timeline's events in order, without texts and what becomes of recordings. Left out: not looked at. */
  story?: string;
  /** What the newest `held` says: when it is to go on. */
  held_until?: Moment;
  /** Each of these (`event key=value`) is in the timeline. */
  detail?: readonly string[];
}

/** What is seen from outside: by the API, and by the log of the vendors. What is not named here must not have happened. */
export interface Sight {
  /** All calls of the business so far, the oldest first. */
  calls: readonly CallSeen[];
  /** How often each person's phone was rung by us; nobody else's was. */
  rung: Readonly<Record<string, number>>;
  /** The texts that each person got; each entry is words of one of them, separated by ` … `. Nobody else got any. */
  texts: Readonly<Record<string, readonly string[]>>;
  /** Words that each person heard on the telephone, in this order. */
  heard?: Readonly<Record<string, readonly string[]>>;
  /** Words that they did not hear. */
  unheard?: Readonly<Record<string, readonly string[]>>;
  /** Leads by whose number they have (`hidden`: of somebody without one): their status, or some of their metadata. All of them. */
  leads?: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;
  /** The status of the newest leg to each of these. */
  legs?: Readonly<Record<string, string>>;
  /** In which order phones were rung for the first time. */
  order?: readonly string[];
  /** Of these people no two phones rang or were used at the same time. */
  never_together?: readonly string[];
  /** The card in this person's text opens the lead of that other one's. */
  card?: readonly [whose: string, of: string];
  /** Who said what on the recording of the newest call, by the API. */
  speakers?: "both" | "customer";
  /** What the figures count. */
  stats?: { leads?: number; calls?: number; missed_inbound?: number };
}

export interface Act {
  at: Moment;
  does?: readonly Deed[];
  sees: Sight;
}

export interface Scenario {
  /** A sentence: what must be true. */
  name: string;
  people: Readonly<Record<string, Person>>;
  business: Business;
  /** In a tenant of its own, because it is about what a whole tenant may do. */
  alone?: true;
  acts: readonly Act[];
}
