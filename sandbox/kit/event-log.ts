/** One thing that happened. The other fields depend on the kind; sandbox/README.md lists them. */
export interface LogEntry {
  /** 1, 2, 3 … in order of happening. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: LogKind;
  readonly [field: string]: unknown;
}

export type LogKind = "request" | "callback" | "call" | "sms" | "recording" | "error" | "board";

export interface LogQuery {
  /** Only entries whose `seq` is greater. */
  readonly after?: number | undefined;
  /** Only entries that happened at this time (ms since the epoch) or later. */
  readonly since?: number | undefined;
  readonly kind?: string | undefined;
}

interface Waiter {
  readonly wanted: (entry: LogEntry) => boolean;
  readonly found: (entry: LogEntry | undefined) => void;
}

/** What the sandbox saw and did, in order, so that a test can prove a claim from outside. The oldest entries are dropped when it is full. */
export class EventLog {
  #entries: LogEntry[] = [];
  #seq = 0;
  readonly #waiters = new Set<Waiter>();
  readonly #capacity: number;

  constructor(capacity = 200_000) {
    this.#capacity = capacity;
  }

  /** Returns the stored entry's own field bag, so that what is learnt later (an answer's status) can be added to it. */
  append(kind: LogKind, fields: Record<string, unknown>): Record<string, unknown> {
    this.#seq += 1;
    const entry = Object.assign(fields, { seq: this.#seq, at: Date.now(), kind });
    this.#entries.push(entry);
    // Cut in slices: dropping one entry for each added would copy the whole list every time.
    if (this.#entries.length > this.#capacity * 1.1) this.#entries = this.#entries.slice(-this.#capacity);
    for (const waiter of [...this.#waiters]) if (waiter.wanted(entry)) waiter.found(entry);
    return fields;
  }

  list(query: LogQuery = {}): readonly LogEntry[] {
    const { after = 0, since = 0, kind } = query;
    return this.#entries.filter((entry) => entry.seq > after && entry.at >= since && (kind === undefined || entry.kind === kind));
  }

  get lastSeq(): number {
    return this.#seq;
  }

  /** The first entry, already there or still to come, that is wanted; undefined when none came in time. */
  first(wanted: (entry: LogEntry) => boolean, timeoutMs = 10_000): Promise<LogEntry | undefined> {
    const present = this.#entries.find(wanted);
    if (present !== undefined || timeoutMs <= 0) return Promise.resolve(present);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        wanted,
        found: (entry) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(entry);
        },
      };
      const timer = setTimeout(() => waiter.found(undefined), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Empties the list; numbers go on, so that a reader's `after` stays right. */
  clear(): void {
    this.#entries = [];
  }

  close(): void {
    for (const waiter of [...this.#waiters]) waiter.found(undefined);
  }
}
