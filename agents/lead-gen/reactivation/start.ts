import type { Dna } from "../../../core/dna/schema.ts";
import { conflict } from "../../../core/errors.ts";
import { type Enqueued, QUEUE_PATIENCE_MS } from "../../../core/kernel/jobs.ts";
import type { Campaign } from "../../../core/memory/campaigns.store.ts";
import type { TenantMemory } from "../../../core/memory/memory.ts";

export interface StartTools {
  memory: Pick<TenantMemory, "campaigns" | "tenantId">;
  enqueue: (run: Enqueued) => Promise<void>;
}

/**
 * Has a campaign sent: one that was prepared, or one that was paused.
 * @throws AppError 409 when it is neither, when the project is not live, and when another of its campaigns is being sent
 */
export const startCampaign = async ({ memory, enqueue }: StartTools, campaign: Campaign, from: "preview" | "paused", dna: Dna): Promise<Campaign> => {
  const { enabled, live } = dna.modules.lead_gen;
  if (campaign.status !== from) throw conflict("campaign_wrong_status", `This campaign is ${campaign.status}; only one that is ${from === "preview" ? "prepared (preview)" : "paused"} can be ${from === "preview" ? "started" : "resumed"}.`);
  if (!enabled || !live) throw conflict("project_not_live", "Nobody is written to before the project is live.");
  const run = await memory.campaigns.start(campaign, from, QUEUE_PATIENCE_MS);
  if (run === null) throw conflict("campaign_running", "Another campaign of this project is being sent, or somebody has changed this one at the same moment.");
  await enqueue(run);
  return memory.campaigns.get(campaign.id);
};
