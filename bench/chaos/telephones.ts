import type { Sandbox } from "../../sandbox/index.ts";
import { readLog } from "../../test/system/support/sandbox-log.ts";
import { customerPhone } from "../lib/people.ts";
import type { Form } from "./forms.ts";

/** What telephones saw of a scenario, by the stand-in for Twilio: the product is not asked. */
export interface Ringing {
  /** Customers whose phone rang more than once for a lead, and leads for which owners were rung again without need. */
  twice: number;
  /** Legs to owners after a lead's first, each of them after one that had ended without a 1 that the product was told of. */
  ownersAgain: number;
  /** Whether a customer's phone rang at all, by the form's number. */
  rang: (index: number) => boolean;
}

const leadOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).searchParams.get("lead") : null);
const isTaken = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

/** @param since the place in the log from which on telephones rang for these forms */
export const readTelephones = (sandbox: Pick<Sandbox, "events">, forms: readonly Form[], since: number): Ringing => {
  const log = readLog(sandbox);
  const legs = log.legs().filter(({ began }) => began > since);
  const rung = new Map<string, number>();
  for (const { to } of legs) rung.set(to, (rung.get(to) ?? 0) + 1);

  // Which lead a leg is for is in the addresses that Twilio was given with it.
  const leads = new Map<string, string>();
  const won = new Set<string>();
  for (const { url, params, status, call_sid, seq } of log.callbacks()) {
    if (seq <= since) continue;
    const sid = params["CallSid"] ?? call_sid;
    const lead = leadOf(url);
    if (sid === undefined || lead === null) continue;
    leads.set(sid, lead);
    if (params["Digits"] === "1" && isTaken(status)) won.add(sid);
  }
  const byLead = new Map<string, typeof legs>();
  for (const leg of legs) {
    if (leg.parent !== null) continue;
    const lead = leads.get(leg.sid) ?? `unknown, of call ${leg.sid}`;
    byLead.set(lead, [...(byLead.get(lead) ?? []), leg]);
  }

  let ownersAgain = 0;
  let twice = forms.filter(({ index }) => (rung.get(customerPhone(index)) ?? 0) > 1).length;
  for (const own of byLead.values()) {
    const again = own.slice(1).map((leg, place) => ({ leg, before: own.slice(0, place + 1) }));
    const isNeedless = again.some(({ leg, before }) => before.some(({ sid, ended }) => won.has(sid) || ended > leg.began));
    if (isNeedless) twice += 1;
    else ownersAgain += again.length;
  }
  return { twice, ownersAgain, rang: (index) => rung.has(customerPhone(index)) };
};
