import { env } from "cloudflare:workers";
import { createEgress } from "../../../core/security/egress/egress.ts";
import { createVault } from "../../../core/security/vault.ts";
import type { Agent } from "../../../core/kernel/agent.ts";
import type { AgentTools } from "../../tools.ts";
import { createWordpressWire, type WordpressWireOptions } from "../../../test/support/wordpress-wire.ts";
import { putContent } from "../page-content.ts";
import type { PageContent } from "../page.schemas.ts";
import { pipelineHouse } from "../pipeline.testing.ts";
import { publishAgent } from "./publish.agent.ts";

const LOGIN = { username: "rata", application_password: "abcd EFGH ijkl MNOP" };

export const contentOf = (over: Partial<PageContent> = {}): PageContent => ({
  title: "Blocked drains in Ponsonby | Rata",
  meta_description: "A plumber for blocked drains in Ponsonby.",
  h1: "Blocked drains in Ponsonby",
  body_html: `<h2>Clay pipes</h2><p>The villas have <span data-source="s1">clay pipes</span>.</p>`,
  faq: [{ question: "How soon?", answer: "Ask us.", source: null }],
  json_ld: [{ "@context": "https://schema.org", "@type": "Plumber", name: "Rata" }],
  sources: [],
  ...over,
});

/** A project whose pages go to a WordPress on the wire. */
export const publishHouse = async ({ publishing = {}, agents = [], suffix = null, contact, ...options }: Partial<WordpressWireOptions> & { publishing?: Record<string, unknown>; agents?: readonly Agent<AgentTools>[]; suffix?: string | null; contact?: { phone: string } } = {}) => {
  const origin = `https://${crypto.randomUUID()}.example`;
  const wire = createWordpressWire({ origin, ...LOGIN, ...options });
  const egress = createEgress({
    allowHosts: "",
    dohUrl: "off",
    fetch: async (input, init) => {
      const answer = await wire.serve(new Request(input, init));
      if (answer === undefined) throw new Error("the network is closed");
      return answer;
    },
  });
  const vault = createVault("a-key-for-tests-0123456789");
  const dna = `identity: ${JSON.stringify({ business_name: "Rata Plumbing", country: "NZ", contact })}\nmodules: {local_seo: {publishing: ${JSON.stringify({ target: "wordpress", status: "publish", post_type: "page", per_day: 0, ...publishing })}}}`;
  const house = await pipelineHouse({ agents: [publishAgent, ...agents], dna, tools: { egress, vault, hosting: { suffix, originOf: (host) => `https://${host}` } } });
  const { store, projectId, tenant_id } = house;
  const place = { tenant_id, project_id: projectId, name: "wordpress" };
  const connect = async (login = LOGIN): Promise<void> => store.secrets.put(projectId, "wordpress", { sealed: await vault.seal(login.application_password, place), shown: { url: `${origin}/`, username: login.username } });
  await connect();

  const writePage = async (id: string, content: PageContent) => putContent(env.STORAGE, { id, tenant_id }, content);
  let pages = 0;
  /** A page that the critic has passed. */
  const page = async (over: Record<string, unknown> = {}, content: PageContent = contentOf()): Promise<string> => {
    const path = `/drains/place-${++pages}`;
    const { id } = await store.keyed.putOnce({
      project_id: projectId, entity_type: "page", dedupe_key: `page:drains/place-${pages}/service`, name: path,
      metadata: {
        status: "passed", service: { name: "Drains", slug: "drains" }, place: null, intent: "service", primary_keyword: "drains", secondary_keywords: [], evidence: [],
        demand: { volume: null, competition: null, source: "estimated" }, expected_value: 1000 - pages, path, content: null, review: null, drafts: 1, ...over,
      },
    });
    const { version, sha256, words } = await writePage(id, content);
    await store.keyed.change(id, { set: { content: { version, sha256, words, written_at: 1 } } });
    return id;
  };
  /** Another text, which the critic has passed. */
  const rewrite = async (id: string, content: PageContent): Promise<void> => {
    const { version, sha256, words } = await writePage(id, content);
    await store.keyed.change(id, { set: { content: { version, sha256, words, written_at: 2 }, status: "passed" } });
  };
  const metadataOf = async (id: string) => (await store.entities.get(id)).metadata as Record<string, unknown> & { published?: { wordpress?: { placement: string; url: string | null; id: number; notes: string[] } } };
  const run = async (params: Record<string, unknown> = {}, action: string | null = null) => house.finish(await house.submit("publish", params, action));
  const finish = async (...args: Parameters<typeof house.finish>) => house.finish(...args);
  return { ...house, finish, wire, origin, connect, page, rewrite, metadataOf, run };
};
