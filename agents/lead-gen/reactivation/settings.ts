import { Temporal } from "temporal-polyfill";
import type { CampaignSettings } from "../../../core/contact/campaign.types.ts";
import { ownPhones } from "../../../core/contact/people.ts";
import type { Dna } from "../../../core/dna/schema.ts";
import { zoneOf } from "../../../core/dna/time-zone.ts";
import { policyOf } from "../../../core/security/consent/policy.ts";
import type { EligibilityRules } from "./eligibility.ts";

/** What a campaign is prepared with: the DNA, and what whoever asked for it said otherwise. `limit`: at most so many people; a day's worth unless said. */
export const settingsOf = (dna: Dna, asked: { limit?: number | undefined; inactive_months?: number | undefined }): CampaignSettings => {
  const { inactive_months, cooldown_months, daily_limit, per_minute, message_template, personalised, max_opt_out_percent, opt_out_after } = dna.modules.lead_gen.reactivation;
  return { cooldown_months, daily_limit, per_minute, message_template, personalised, max_opt_out_percent, opt_out_after, inactive_months: asked.inactive_months ?? inactive_months, limit: asked.limit ?? daily_limit };
};

const monthsBefore = (now: number, months: number, zone: string): number => Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).subtract({ months }).epochMilliseconds;

export const rulesOf = (dna: Dna, settings: Pick<CampaignSettings, "inactive_months" | "cooldown_months">, now: number): EligibilityRules => ({
  now,
  inactive_since: monthsBefore(now, settings.inactive_months, zoneOf(dna)),
  cool_since: monthsBefore(now, settings.cooldown_months, zoneOf(dna)),
  policy: policyOf(dna),
  own_phones: ownPhones(dna),
});

/** When the business's day began, and when the next one does, ms. */
export const dayOf = (now: number, zone: string): { start: number; end: number } => {
  const day = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).startOfDay();
  return { start: day.epochMilliseconds, end: day.add({ days: 1 }).startOfDay().epochMilliseconds };
};
