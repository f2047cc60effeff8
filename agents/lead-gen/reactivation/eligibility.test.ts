import { describe, expect, it } from "vitest";
import { type OldCustomer } from "../../../core/memory/old-customers.store.ts";
import { NO_CAPS } from "../../../core/security/consent/policy.ts";
import { type EligibilityRules, judgeCustomer, lastContactAt } from "./eligibility.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-26T22:00:00Z");
const PHONE = "+64211234567";
const rules: EligibilityRules = {
  now: NOW, inactive_since: NOW - 180 * DAY, cool_since: NOW - 180 * DAY, own_phones: ["+64219999999"],
  policy: { allowed_countries: ["AU"], country: "NZ", time_zone: "Pacific/Auckland", cooldown_minutes: 60, caps: NO_CAPS },
};
const ago = (days: number): string => new Date(NOW - days * DAY).toISOString();

const customer = (over: Partial<OldCustomer> = {}, metadata: Record<string, unknown> = {}): OldCustomer => ({
  id: "ent_5", name: "Jane", status: "won", phone: PHONE, metadata: { booked_at: ago(300), ...metadata }, created_at: NOW - 310 * DAY, seen_at: 0,
  last_out_at: null, last_in_at: null, last_campaign_at: null, last_call_at: null, blocked: false, twins: [], ...over,
});
const twin = (over: Partial<OldCustomer["twins"][number]> = {}) => ({ id: "ent_1", status: "won", declined: false, last_call_at: null, ...over });
const reasonOf = (one: OldCustomer, suppressed: Parameters<typeof judgeCustomer>[1] = []): string => {
  const judged = judgeCustomer(one, suppressed, rules);
  return judged.eligible ? "eligible" : judged.reason;
};

describe("a customer of old", () => {
  it.each<[string, OldCustomer, string]>([
    ["was served long ago", customer(), "eligible"],
    ["was served long ago, and is completed", customer({ status: "completed" }), "eligible"],
    ["is in an allowed country", customer({ phone: "+61412345678" }), "eligible"],
    ["is served no more", customer({ status: "quoted" }), "not_served"],
    ["is a canary", customer({}, { canary: true }), "test"],
    ["has no phone", customer({ phone: null }), "no_phone"],
    ["has words for a phone", customer({ phone: "ask Bob" }), "no_phone"],
    ["is one of us", customer({ phone: "+64219999999" }), "own_phone"],
    ["declined", customer({}, { no_campaigns: ago(400) }), "declined"],
    ["is blocked", customer({ blocked: true }), "blocked"],
    ["asked to hear later", customer({}, { follow_up_at: new Date(NOW + DAY).toISOString() }), "asked_for_later"],
    ["asked to hear by now", customer({}, { follow_up_at: ago(1) }), "eligible"],
    ["has a fixed line", customer({ phone: "+6493001234" }), "not_textable"],
    ["gets no texts", customer({}, { phone_textable: false }), "not_textable"],
    ["lives where nobody is written to", customer({ phone: "+4917612345678" }), "not_allowed"],
    ["has an emergency number", customer({ phone: "+64111" }), "no_phone"],
    ["was booked lately", customer({}, { booked_at: ago(100) }), "recently_contacted"],
    ["came lately, and nothing tells otherwise", customer({ created_at: NOW - DAY, metadata: {} }), "recently_contacted"],
    ["was brought lately, and served long ago", customer({ created_at: NOW - DAY }), "eligible"],
    ["was texted lately", customer({ last_out_at: NOW - DAY }), "recently_contacted"],
    ["wrote lately", customer({ last_in_at: NOW - DAY }), "recently_contacted"],
    ["was called lately", customer({ last_call_at: NOW - DAY }), "recently_contacted"],
    ["was called lately under another entity", customer({ twins: [twin({ last_call_at: NOW - DAY })] }), "recently_contacted"],
    ["had a campaign's text", customer({ last_campaign_at: NOW - 170 * DAY }), "cooldown"],
    ["has an open lead", customer({ twins: [twin({ status: "quoted" })] }), "open_lead"],
    ["is to be called under another entity", customer({ twins: [twin({ id: "ent_9", status: "new" })] }), "open_lead"],
    ["is there twice, and this is the newer one", customer({ twins: [twin()] }), "eligible"],
    ["is there twice, and this is the older one", customer({ twins: [twin({ id: "ent_9" })] }), "duplicate"],
    ["said stop under another entity", customer({ twins: [twin({ status: "opted_out" })] }), "opted_out"],
    ["declined under another entity", customer({ twins: [twin({ declined: true })] }), "declined"],
    ["lost a quote under another entity, long ago", customer({ twins: [twin({ status: "lost" })] }), "eligible"],
    ["shares a number with twenty others", customer({ twins: Array.from({ length: 20 }, (_, n) => twin({ id: `ent_${n + 100}`, status: "lost" })) }), "shared_number"],
  ])("who %s", (_, one, reason) => {
    expect(reasonOf(one)).toBe(reason);
  });

  it("who said stop to texts, and not only to calls", () => {
    const row = { phone: PHONE, kind: "opt_out" as const, since: 0 };
    expect([reasonOf(customer(), [{ ...row, channel: "sms" }]), reasonOf(customer(), [{ ...row, channel: "call" }]), reasonOf(customer(), [{ ...row, channel: "sms", kind: "undeliverable" }])]).toEqual(["opted_out", "eligible", "not_textable"]);
  });

  it("who was in touch is put off to just then; anybody else to now", () => {
    expect([judgeCustomer(customer({ last_in_at: NOW - DAY }), [], rules), judgeCustomer(customer({ phone: null }), [], rules)]).toMatchObject([{ seen_at: NOW - DAY }, { seen_at: NOW }]);
  });

  it("was in touch when the last of all signs says so, and not when a typing error says so", () => {
    expect(lastContactAt(customer({ last_in_at: NOW - 200 * DAY }, { last_contacted_at: ago(250), booked_at: "last spring" }))).toBe(NOW - 200 * DAY);
    expect(lastContactAt(customer({}, { booked_at: "last spring" }))).toBe(NOW - 310 * DAY);
  });
});
