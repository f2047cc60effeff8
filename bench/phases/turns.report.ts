import { ms } from "../lib/markdown.ts";
import type { Report } from "../lib/phase.ts";
import type { ConversationFigures } from "./conversation.ts";
import type { QueueFigures } from "./queue.ts";

const CONNECTED_P95_MS = 30_000;

export const queueReport: Report<QueueFigures> = {
  describe: ({ leads, wait, gap, lost, twice, order }) => `${leads} leads within a moment, and an account that may make one call a second (Twilio's default): form to dial p50 ${ms(wait.p50)}, p95 ${ms(wait.p95)};
between two dials at least ${ms(gap.min)}, in the median ${ms(gap.p50)}; lost ${lost}, twice ${twice}. Freshest first; the leads by order of arrival, as
they were dialled: ${order.join(", ")}.`,
  failures: ({ lost, twice }) => (lost + twice > 0 ? [`${lost} lost, ${twice} dialled twice`] : []),
};

export const conversationReport: Report<ConversationFigures> = {
  describe: ({ leads, connected, formToConnected }) => `The owner picks up after 5 s and presses 1, the customer picks up at once (${leads} leads, ${connected} connected): form to connected p50 ${ms(formToConnected.p50)}, p95 ${ms(formToConnected.p95)}
(aim: p95 under ${CONNECTED_P95_MS / 1000} s).`,
  failures: ({ leads, connected, twice }) => (connected < leads || twice > 0 ? [`${leads - connected} of ${leads} not connected, ${twice} dialled twice`] : []),
  missed: ({ formToConnected }) => (formToConnected.p95 <= CONNECTED_P95_MS ? [] : [`form to connected p95 ${ms(formToConnected.p95)}, aim ${CONNECTED_P95_MS / 1000} s`]),
};
