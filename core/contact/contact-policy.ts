import type { Dna } from "../dna/schema.ts";
import type { TenantMemory } from "../memory/memory.ts";
import { judgeContact } from "../security/consent.ts";
import type { ConsentGate, ContactPolicy } from "../security/consent/consent.types.ts";

/** The first form of the gate, which knows numbers and opt-outs, behind the interface of the whole one. */
export const gateByNumber = (memory: TenantMemory): ConsentGate => ({
  async ask({ phone, channel, purpose, policy }) {
    // The one text that may follow a stop confirms it; the sender's key sees to it that there is one.
    const optedOut = purpose === "opt_out_confirmation" ? [] : await memory.optOuts.among([phone]);
    const verdict = judgeContact({ phone, channel }, optedOut, policy);
    return verdict.allowed ? { answer: "yes" } : { answer: "no", reason: verdict.reason, detail: verdict.detail };
  },
});

const NO_CAPS = { calls_per_hour: null, calls_per_day: null, sms_per_hour: null, sms_per_day: null, money_per_month_micros: null };

export const plainPolicy = (places: { allowed_countries: readonly string[]; country: string }): ContactPolicy => ({ ...places, time_zone: null, cooldown_minutes: 0, caps: NO_CAPS });

export const contactPolicyOf = (dna: Dna): ContactPolicy => ({
  ...plainPolicy({ allowed_countries: dna.consent.allowed_countries, country: dna.identity.country }),
  time_zone: dna.identity.time_zone ?? null,
});
