import { iso } from "../clock.ts";
import type { Consequence } from "../memory/consequences.ts";
import type { CampaignReply } from "./campaign.types.ts";
import { laterDate } from "./later-date.ts";
import { shorten } from "./template.ts";

/** An answer to a campaign, whoever understood it. */
export interface AnsweredCampaign {
  campaign_id: string;
  project_id: string;
  /** Twilio's name for the answer. */
  sid: string;
  /** E.164, of whoever answered. */
  phone: string;
  body: string;
  /** When they answered, ms. */
  at: number;
}

const MOST_WHISPERED = 160;

/**
 * What an answer to a campaign brings about, a stop aside: an interested one has the owner rung, `later` sets a date on which the owner
 * is told, `no` keeps the person out of further campaigns.
 */
export const campaignConsequences = (
  reply: Exclude<CampaignReply, "stop">,
  { campaign_id, project_id, sid, phone, body, at }: AnsweredCampaign,
  { time_zone, rings, duty_due_ms }: { time_zone: string; rings: boolean; duty_due_ms: number },
): Consequence[] => {
  const counted: Consequence = { kind: "campaign_reply", campaign_id, phone, reply };
  switch (reply) {
    case "interested":
      return [counted, { kind: "revive_lead", reply: `Answered your text: ${shorten(body, MOST_WHISPERED) ?? ""}` }, ...(rings ? [{ kind: "call", project_id, due_in_ms: duty_due_ms } as const] : [])];
    case "no":
      return [counted, { kind: "change_lead", lead_id: null, action: "lead.declined_campaign", change: { no_campaigns: iso(at), follow_up_at: null }, details: { campaign_id } }];
    case "later": {
      const date = laterDate(body, at, time_zone);
      return [
        counted,
        { kind: "change_lead", lead_id: null, action: "lead.asked_for_later", change: { follow_up_at: iso(date) }, details: { campaign_id } },
        { kind: "run", project_id, action: "follow_up", params: {}, about_message: true, key: `follow_up:${sid}`, after_ms: date - at, audit: null },
      ];
    }
    case "question":
    case "other":
      return [counted];
  }
};
