import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { contentFolder } from "../../agents/pseo/page-content.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { useWordpress } from "./support/use-wordpress.ts";
import { useWorker } from "./support/use-worker.ts";

const wordpress = useWordpress();
const worker = useWorker(() => wordpress().site.port);

const PROJECT = "rata-street";
const DNA = `
identity: {business_name: Rata Street Plumbing, country: NZ}
modules: {local_seo: {publishing: {target: wordpress, status: publish, post_type: page, per_day: 0}}}
`;
const content = JSON.stringify({
  title: "Blocked drains in Ponsonby | Rata Street",
  meta_description: "A plumber for blocked drains in Ponsonby.",
  h1: "Blocked drains in Ponsonby",
  body_html: `<h2>Clay pipes</h2><p>The villas have <span data-source="s1">clay pipes</span>.</p>`,
  faq: [{ question: "How soon?", answer: "Ask us.", source: null }],
  json_ld: [{ "@context": "https://schema.org", "@type": "Plumber", name: "Rata Street Plumbing" }],
  sources: [],
});
const version = sha256Hex(content).slice(0, 32);
const metadataOf = (path: string, status: string) => ({
  status, dedupe_key: `page:${path}`, service: { name: "Blocked drains", slug: "drains" }, place: null, intent: "service", primary_keyword: "blocked drains", secondary_keywords: [], evidence: [],
  demand: { volume: null, competition: null, source: "estimated" }, expected_value: 1, path, content: { version, sha256: sha256Hex(content), words: 9, written_at: 1 }, review: null, drafts: 1,
});
const runSchema = z.object({ id: z.string(), status: z.string(), result: z.unknown(), error: z.unknown() });
const entitySchema = z.object({ id: z.string(), metadata: z.looseObject({ status: z.string() }) });

/** Asks for work and waits for its end, however long the site takes. */
const run = async (task: string, action: string, params: Record<string, unknown>) => {
  const { ask } = worker();
  const { body } = await ask("POST", "/api/run", { task, action, project_id: PROJECT, params });
  const { run_id } = z.object({ run_id: z.string() }).parse(body);
  for (;;) {
    const now = runSchema.parse((await ask("GET", `/api/runs/${run_id}`)).body);
    if (now.status !== "queued" && now.status !== "running") return now;
    await sleep(500);
  }
};

describe("through the whole Worker", () => {
  it("a project's WordPress is checked, two pages go out, a wrong password is told, and a page is taken down", async () => {
    const { ask, store, tenant_id } = worker();
    const { site } = wordpress();
    expect((await ask("POST", "/api/projects", { project_id: PROJECT, name: "Rata Street", country: "NZ" })).status).toBe(201);
    expect((await ask("PUT", `/api/projects/${PROJECT}/dna/custom`, DNA, { "Content-Type": "application/yaml" })).status).toBe(200);
    const connect = async (application_password: string): Promise<void> => expect((await ask("PUT", `/api/projects/${PROJECT}/secrets/wordpress`, { url: site.url, username: site.administrator.username, application_password })).status).toBe(204);

    await connect("wrong wrong wrong");
    expect(await run("publish", "check", {})).toMatchObject({ status: "succeeded", result: { targets: { wordpress: { ready: false, problems: [{ code: "wordpress_login" }] } } } });
    await connect(site.administrator.application_password);
    expect(await run("publish", "check", {})).toMatchObject({ status: "succeeded", result: { targets: { wordpress: { ready: true, json_ld: "inline", account: { roles: ["administrator"] } } } } });

    const ids: string[] = [];
    for (const path of ["/drains/ponsonby", "/drains/herne-bay"]) ids.push(entitySchema.parse((await ask("POST", "/api/entities", { project_id: PROJECT, entity_type: "page", name: "Blocked drains", metadata: metadataOf(path, "passed") })).body).id);
    await store(ids.map((id) => ({ key: `${contentFolder({ tenant_id, id })}${version}.json`, text: content })));

    expect(await run("publish", "publish", {})).toMatchObject({ status: "succeeded", result: { pages: 2, failed: 0, statuses: { published: 2 } } });
    const html = await (await fetch(`${site.url}/drains/ponsonby/`)).text();
    expect(html).toContain("<p>The villas have clay pipes.</p>");
    expect(html).toContain('<script type="application/ld+json">{"@context":"https://schema.org","@type":"Plumber"');
    const [id = ""] = ids;
    const page = entitySchema.parse((await ask("GET", `/api/entities/${id}`)).body);
    expect(page.metadata).toMatchObject({ status: "published", published: { wordpress: { placement: "live", url: `${site.url}/drains/ponsonby/`, json_ld: "inline", notes: [] } } });

    expect(await run("analytics_audit", "audit", {})).toMatchObject({ status: "succeeded", result: { pages: 2, live: { live: 2 } } });
    expect(await run("publish", "unpublish", { ids: [id], how: "trash" })).toMatchObject({ status: "succeeded" });
    expect((await fetch(`${site.url}/drains/ponsonby/`)).status).toBe(404);
    expect(await run("publish", "restore", { ids: [id] })).toMatchObject({ status: "succeeded" });
    expect((await fetch(`${site.url}/drains/ponsonby/`)).status).toBe(200);
  });
});
