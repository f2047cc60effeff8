import { z } from "zod";
import { vendorError } from "../../../core/errors.ts";
import { type Agent, action } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";

/*
 * Stages of the pipeline that do what a test says. They keep what they were paid for, and move pages as the real ones do: by
 * compare-and-set from the status that they found.
 */

const ids = z.object({ ids: z.array(z.string()).optional() }).loose();

export interface Behaviour {
  /** How many drafts of a page the critic refuses; by the page's name. */
  refusals?: Record<string, number>;
  /** Pages that cannot be written, by name. */
  unwritable?: readonly string[];
  /** Pages of which the writer says that it has written them, and has not. */
  untouched?: readonly string[];
  /** Stages that fail for good, until they are mended. */
  broken?: Set<string>;
  pages?: number;
  /** Whether the brand brain is behind the DNA; until it has followed. */
  lags?: boolean;
}

export const standInStages = ({ refusals = {}, unwritable = [], untouched = [], broken = new Set(), pages = 3, lags = false }: Behaviour = {}) => {
  /** What cost money, in order: `write_pages planned-0 0`. */
  const paid: string[] = [];
  const ran: string[] = [];
  const published: string[] = [];
  const failIfBroken = (task: string): void => {
    ran.push(task);
    if (broken.has(task)) throw vendorError("broken", `${task} is broken.`, { retryable: false });
  };
  const agent = (task: string, run: Parameters<typeof action<AgentTools, typeof ids>>[1]): Agent<AgentTools> => ({ task, defaultAction: "do", actions: { do: action(ids, async (context, params) => (failIfBroken(task), run(context, params))) } });

  const each = (task: string, work: (page: { id: string; name: string; metadata: Record<string, unknown> }, change: (set: Record<string, unknown>) => Promise<void>) => Promise<void>): Agent<AgentTools> =>
    agent(task, async ({ memory }, params) => {
      for (const page of await memory.keyed.withIds(params.ids ?? [])) {
        await work(page, async (set) => {
          await memory.keyed.change(page.id, { set, expect: { status: String(page.metadata.status), drafts: Number(page.metadata.drafts) } });
        });
      }
      return { pages: params.ids?.length ?? 0 };
    });

  let isBehind = lags;
  const contextOf = () => ({ lags: async () => Promise.resolve(isBehind) }) as unknown as ReturnType<AgentTools["contextOf"]>;
  const follow = action(z.object({}), async () => {
    failIfBroken("context_sync");
    isBehind = false;
    return Promise.resolve({});
  });
  const agents: Agent<AgentTools>[] = [
    { task: "context_sync", internal: true, defaultAction: null, actions: { follow } },
    agent("scout_anchors", async () => Promise.resolve({})),
    agent("strategist_run", async ({ memory, project }) => {
      await memory.keyed.put(
        Array.from({ length: pages }, (_, n) => ({
          project_id: project.id, entity_type: "page", dedupe_key: `page:drains/p${n}/service`, name: `p${n}`,
          metadata: { status: "planned", service: { name: "Drains", slug: "drains" }, place: { name: `P${n}`, slug: `p${n}`, city: null, lat: null, lon: null }, intent: "service", primary_keyword: `drains p${n}`, secondary_keywords: [], evidence: [], demand: { volume: 1, competition: null, source: "estimated" }, expected_value: pages - n, path: `/drains/p${n}`, content: null, review: null, drafts: 0 },
        })),
        { status: "none" },
      );
      return {};
    }),
    each("write_pages", async ({ name, metadata }, change) => {
      if (unwritable.includes(name)) throw vendorError("gemini_blocked", "The model refused.", { retryable: false });
      if (untouched.includes(name) || !["planned", "refused"].includes(String(metadata.status))) return;
      paid.push(`write ${name} ${String(metadata.drafts)}`);
      await change({ status: "written", drafts: Number(metadata.drafts) + 1, content: { version: `v${Number(metadata.drafts) + 1}`, sha256: "x", words: 500, written_at: 1 } });
    }),
    each("critic_review", async ({ name, metadata }, change) => {
      if (metadata.status !== "written") return;
      paid.push(`review ${name} ${String(metadata.drafts)}`);
      const passed = Number(metadata.drafts) > (refusals[name] ?? 0);
      await change({ status: passed ? "passed" : "refused", review: { score: passed ? 90 : 20, passed, findings: [], sha256: "x", reviewed_at: 1 } });
    }),
    agent("librarian_link", async () => Promise.resolve({})),
    agent("enhance_media", async () => Promise.resolve({})),
    each("publish", async ({ name, metadata }, change) => {
      if (metadata.status !== "passed") return;
      published.push(name);
      await change({ status: "published" });
    }),
    agent("analytics_audit", async () => Promise.resolve({})),
  ];
  return { agents, tools: { contextOf }, paid, ran, published, broken };
};
