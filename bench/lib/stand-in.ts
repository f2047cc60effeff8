import { setTimeout as sleep } from "node:timers/promises";
import { type LogEntry, type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";

/** One POST of Calls.json that reached the stand-in. */
export interface Dial {
  /** Milliseconds on `performance`'s clock: the request has been read, nothing has been done with it yet. */
  at: number;
  to: string;
  /** The stand-in's SID of the call that came of it; "" when it was refused. */
  sid: string;
  /** What the product wants to be asked; its query names tenant, lead, call and leg. */
  whisperUrl: string;
}

export interface StandIn {
  readonly sandbox: Sandbox;
  /** Dials by lead id: one is right, none is a lost lead, two ring somebody twice. */
  readonly dials: ReadonlyMap<string, readonly Dial[]>;
  /** Calls are taken and never run, or run as their numbers say. */
  acceptOnly(on: boolean): void;
  /** Resolves once every lead has its dial, or none of those left has come for `quietMs`. */
  drained(leads: readonly string[], quietMs: number, limitMs: number): Promise<void>;
}

const FOREVER_MS = 2 ** 31 - 1;

const readDial = (entry: LogEntry): { lead: string; dial: Dial } | null => {
  if (entry.kind !== "request" || entry["method"] !== "POST" || !String(entry["path"]).endsWith("/Calls.json")) return null;
  const form = new URLSearchParams(String(entry["body"]));
  const whisperUrl = form.get("Url") ?? "";
  const lead = URL.canParse(whisperUrl) ? new URL(whisperUrl).searchParams.get("lead") : null;
  if (lead === null) return null;
  return { lead, dial: { at: performance.now(), to: form.get("To") ?? "", sid: "", whisperUrl } };
};

/** The sandbox's Twilio and Gemini with an ear on the wire, in this process, so that both ends read one clock. */
export const startStandIn = async (options: SandboxOptions = {}): Promise<StandIn> => {
  const sandbox = await startSandbox(options);
  const dials = new Map<string, Dial[]>();
  let latest: Dial | null = null;
  const listen = (entry: LogEntry): boolean => {
    const seen = readDial(entry);
    if (seen) {
      dials.set(seen.lead, [...(dials.get(seen.lead) ?? []), seen.dial]);
      latest = seen.dial;
    } else if (entry.kind === "call" && entry["status"] === "queued" && latest?.sid === "" && latest.to === entry["to"]) {
      // The call is noted in the same breath as the request that made it.
      latest.sid = String(entry["call_sid"]);
    }
    return false;
  };
  // The log asks each listener about each entry as it is written; this one never has enough, and closing the log ends it.
  sandbox.event(listen, FOREVER_MS).catch(() => undefined);

  return {
    sandbox,
    dials,
    acceptOnly: (on) => sandbox.setTwilioFaults({ calls: on ? { mode: "accept-only" } : null }),
    drained: async (leads, quietMs, limitMs) => {
      const missing = (): number => leads.filter((lead) => !dials.has(lead)).length;
      const end = performance.now() + limitMs;
      for (let left = missing(), changed = performance.now(); left > 0 && performance.now() < end && performance.now() - changed < quietMs; ) {
        await sleep(50);
        const now = missing();
        if (now !== left) changed = performance.now();
        left = now;
      }
      // A second dial of the same lead would come on the heels of the first.
      await sleep(300);
    },
  };
};
