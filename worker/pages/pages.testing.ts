import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { createHostedTarget } from "../../agents/pseo/hosted/hosted.target.ts";
import { pageMetadata, putPage } from "../../agents/pseo/page.testing.ts";
import { createClock } from "../../core/clock.ts";
import { createDnaLoader } from "../../core/dna/loader.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory, type TenantMemory } from "../../core/memory/memory.ts";
import worker from "../index.ts";
import { fresh, makeProject, type TestProject } from "../../test/support/api.ts";

const clock = createClock();
export const memory = createMemory({ d1: env.DB, clock });

export interface Site {
  project: TestProject;
  store: TenantMemory;
  host: string;
  page: string;
  visit: (path: string, init?: RequestInit, host?: string) => Promise<Response>;
  publish: (path: string, service?: string, place?: string) => Promise<string>;
  target: () => Promise<ReturnType<typeof createHostedTarget>>;
}

/** A request to a host name, done when all that it set going is. */
export const ask = async (host: string, path: string, init: RequestInit = {}): Promise<Response> => {
  const ctx = createExecutionContext();
  const response = await worker.fetch(new Request(`https://${host}${path}`, { redirect: "manual", ...init }) as Parameters<typeof worker.fetch>[0], env, ctx);
  await waitOnExecutionContext(ctx);
  return response;
};

export const siteOf = async (): Promise<Site> => {
  const project = await makeProject(`identity: {business_name: Harbour Plumbing, contact: {phone: "+6495550142"}}\nmodules: {lead_gen: {sales_bridge: {destination_phone: "+6421100${1000 + Math.floor(Math.random() * 8999)}"}}}`);
  const store = memory.for(project.tenant_id, systemActor("test"));
  const row = await store.projects.get(project.id);
  const target = async () => createHostedTarget({ memory: store, storage: env.STORAGE, clock, hosting: { suffix: "pages.localhost", originOf: (host) => `https://${host}` }, project: row, dna: await createDnaLoader({ bucket: env.STORAGE }).load(row) });
  let host = "";
  const publish = async (path: string, service = "Drains", place = fresh("Suburb")): Promise<string> => {
    const page_id = await putPage(store, project.id, { ...pageMetadata(service, place), path });
    const state = await (await target()).publish({ page_id, title: `Title of ${path}`, h1: `Heading of ${path}`, meta_description: "About it", slug: "x", path, body_html: "<p>Words.</p>", json_ld: [], canonical: null, phone: null }, null);
    host = state.host;
    return page_id;
  };
  const page = await publish("/drains/ponsonby", "Drains", "Ponsonby");
  return { project, store, host, page, publish, target, visit: async (path, init, at = host) => ask(at, path, init) };
};
