import type { AgentContext } from "../../../core/kernel/agent.ts";
import type { Campaign } from "../../../core/memory/campaigns.store.ts";
import type { NewRecipient, SelectedPage } from "../../../core/memory/campaign-recipients.store.ts";
import type { AgentTools } from "../../tools.ts";
import { judgeCustomer } from "./eligibility.ts";
import { rulesOf } from "./settings.ts";

/** Phones are asked about by a parameter each, of which D1 takes 100. */
const MOST_A_PAGE = 50;
const FEWEST_A_PAGE = 10;

/**
 * Looks at the next customers of a campaign's selection and stores whom it chose, whom it left out, and how far it came.
 * @returns false once there are enough, or no more
 */
export const selectPage = async ({ memory, project, dna, tools }: AgentContext<AgentTools>, campaign: Campaign): Promise<boolean> => {
  const wanted = campaign.settings.limit - (await memory.campaignRecipients.count(campaign.id));
  if (wanted <= 0) return false;
  const rules = rulesOf(dna, campaign.settings, tools.clock.now());
  const customers = await memory.oldCustomers.page({ project_id: project.id, seenBefore: rules.inactive_since, after: campaign.position, limit: Math.min(MOST_A_PAGE, Math.max(FEWEST_A_PAGE, wanted)) });
  const suppressed = await memory.optOuts.among(customers.flatMap(({ phone }) => phone ?? []));
  const chosen: NewRecipient[] = [];
  const left_out: SelectedPage["left_out"] = [];
  let position = campaign.position;
  for (const customer of customers) {
    if (chosen.length === wanted) break;
    const { id: lead_id, seen_at } = customer;
    const judged = judgeCustomer(customer, suppressed, rules);
    if (judged.eligible) chosen.push({ lead_id, phone: judged.phone });
    else left_out.push({ id: lead_id, reason: judged.reason, seen_at: judged.seen_at });
    position = { seen_at, id: lead_id };
  }
  if (position === null || customers.length === 0) return false;
  await memory.campaignRecipients.addPage(campaign, { chosen, left_out, position });
  return true;
};
