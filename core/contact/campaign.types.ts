/* What a campaign is, in words that the store, the agent and the API share. */

export const campaignStatuses = ["preparing", "preview", "running", "paused", "stopped", "completed"] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

/** `account`: Twilio refuses the business's account or number, which somebody must mend first. */
export const pauseReasons = ["by_hand", "opt_out_rate", "account"] as const;
export type PauseReason = (typeof pauseReasons)[number];

export const recipientStates = [
  /** To be sent; shown so in a preview. */
  "planned",
  /** Twilio has it; how it fares from there is the message's own status. */
  "sent",
  /** The consent gate or Twilio said no. */
  "refused",
  /** Something has changed since the preview: they were contacted meanwhile, say. */
  "skipped",
  /** Tried as often as makes sense. */
  "failed",
  /** The campaign was stopped before their turn, or they were erased. */
  "canceled",
] as const;
export type RecipientState = (typeof recipientStates)[number];

export const campaignReplies = ["interested", "later", "no", "stop", "question", "other"] as const;
export type CampaignReply = (typeof campaignReplies)[number];

export interface CampaignSettings {
  /** Customers who were in touch since are left alone. */
  inactive_months: number;
  /** Between two campaigns to one person. */
  cooldown_months: number;
  /** Texts a day of the business's calendar, over all campaigns of the project. */
  daily_limit: number;
  /** Texts a minute. */
  per_minute: number;
  /** At most so many people. */
  limit: number;
  message_template: string;
  /** A model writes each text within the template's bounds. */
  personalised: boolean;
  /** It pauses itself above this share of opt-outs … */
  max_opt_out_percent: number;
  /** … once so many were sent. */
  opt_out_after: number;
}

/** A customer's place in the order in which a selection walks: the longest unseen first. */
export interface CampaignPosition {
  /** ms; 0: never looked at. */
  seen_at: number;
  id: string;
}
