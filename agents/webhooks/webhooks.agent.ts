import { z } from "zod";
import { type Agent, systemAction } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { sendDue } from "./courier.ts";

const idParam = z.string().max(80);

/** Tells tenants' endpoints of what happened (docs/design/0025). The house opens its runs; its dead letters anybody may run again who may change endpoints. */
export const webhooksAgent: Agent<AgentTools> = {
  task: "webhooks",
  internal: true,
  /*
   * A lead that came in is news for minutes: no page pipeline of the tenant's may stand before it. But not urgent: an account has twenty endpoints and a
   * courier for each, and a receiver that hangs keeps one at work for a minute. Sixteen of those would be all that the tenant may have at work, and its
   * own fresh leads would wait for their texts.
   */
  soon: true,
  scopes: ["admin"],
  defaultAction: null,
  actions: {
    send: systemAction(z.object({ endpoint_id: idParam }), sendDue),
    redeliver: systemAction(z.object({ delivery_id: idParam }), async ({ memory, tools, runId }, { delivery_id }) => {
      const delivery = await memory.webhookDeliveries.find(delivery_id);
      if (!delivery) return { replayed: false };
      // A second attempt of this run finds it under way already.
      if (delivery.run_id === runId) await memory.webhookDeliveries.replay(delivery_id);
      await tools.openCouriers(memory);
      return { replayed: true };
    }),
  },
};
