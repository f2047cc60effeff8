import { LEAD_PATH, served, THANKS_PATH } from "../../agents/pseo/hosted/document.ts";
import { siteFrameOf } from "../../agents/pseo/hosted/site-frame.ts";
import { documentKey, mediaKey, readMediaPath } from "../../agents/pseo/hosted/storage.ts";
import { describeError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { logger } from "../../core/log.ts";
import type { HostedPage } from "../../core/memory/hosted-pages.store.ts";
import { sha256Hex } from "../../core/security/constant-time.ts";
import { sealFormTime } from "../../core/security/form-time.ts";
import { hostOf } from "../../core/web/host-names.ts";
import type { Services } from "../services.ts";
import { FOR_EVER, matchesETag, NEVER, PAGE_CACHE, SHORT_CACHE, SITE_HEADERS } from "./headers.ts";
import { takeForm } from "./leads.ts";
import { bareNotice, goneNotice, notFoundNotice, thanksNotice } from "./notices.ts";
import { readSitemapPath, robotsTxt, sitemap, sitemapIndex, URLS_A_FILE } from "./sitemap.ts";
import { isView } from "./views.ts";
import type { Visit } from "./visit.ts";

const log = logger("pages");

const HTML = "text/html; charset=utf-8";
const answer = (status: number, type: string, cache: string, body: BodyInit | null, more: Record<string, string> = {}): Response => new Response(body, { status, headers: { "Content-Type": type, "Cache-Control": cache, ...more } });
/** Always to a whole address of ours, so that no path can lead elsewhere (`//evil.example`). */
const redirect = (status: 301 | 302, location: string): Response => new Response(null, { status, headers: { Location: location, "Cache-Control": PAGE_CACHE } });
const siteOf = ({ site }: Visit) => ({ tenant_id: site.project.tenant_id, project_id: site.project.id });

const showPage = async (visit: Visit, page: HostedPage): Promise<Response> => {
  const { request, services, memory, origin, waitUntil, site } = visit;
  if (isView(request)) waitUntil(memory.pageViews.count(site.project.id, page.page_id).catch((error: unknown) => log.warn("a view was not counted", { error: describeError(error) })));
  // Weak: the time in the form is another each time, and says nothing to a reader.
  const etag = `W/"${sha256Hex(`${page.sha256} ${origin}`).slice(0, 32)}"`;
  const headers = { ETag: etag, "Last-Modified": new Date(page.modified_at).toUTCString() };
  if (matchesETag(request.headers.get("If-None-Match"), etag)) return new Response(null, { status: 304, headers: { "Cache-Control": PAGE_CACHE, ...headers } });
  const object = await services.storage.get(documentKey(siteOf(visit), page.sha256));
  if (object === null) throw new Error(`the document ${page.sha256} of ${page.page_id} is missing from storage`);
  return answer(200, HTML, PAGE_CACHE, served(await object.text(), { origin, formTime: visit.formTime() }), headers);
};

const showMedia = async (visit: Visit, { sha256, type }: NonNullable<ReturnType<typeof readMediaPath>>): Promise<Response> => {
  const etag = `"${sha256}"`;
  if (matchesETag(visit.request.headers.get("If-None-Match"), etag)) return new Response(null, { status: 304, headers: { "Cache-Control": FOR_EVER, ETag: etag } });
  const object = await visit.services.storage.get(mediaKey(siteOf(visit), sha256, type));
  if (object === null) return answer(404, HTML, SHORT_CACHE, notFoundNotice(await visit.frame()));
  // Whoever finds the picture may show it.
  return answer(200, type, FOR_EVER, object.body, { ETag: etag, "Content-Length": String(object.size), "Cross-Origin-Resource-Policy": "cross-origin" });
};

const showSitemap = async ({ memory, site, origin }: Visit, file: number): Promise<Response> => {
  const XML = "application/xml; charset=utf-8";
  const part = async (number: number) => memory.hostedPages.listed(site.project.id, { offset: (number - 1) * URLS_A_FILE, limit: URLS_A_FILE });
  const files = file === 0 ? Math.ceil((await memory.hostedPages.countListed(site.project.id)) / URLS_A_FILE) : 0;
  if (files > 1) return answer(200, XML, PAGE_CACHE, sitemapIndex(origin, files));
  const pages = await part(Math.max(1, file));
  return file > 1 && pages.length === 0 ? answer(404, HTML, SHORT_CACHE, bareNotice("There is nothing here.")) : answer(200, XML, PAGE_CACHE, sitemap(origin, pages));
};

/** What an address answers with that is no page of the project's. */
const showOther = async (visit: Visit): Promise<Response | null> => {
  const { pathname } = visit.url;
  if (pathname === "/robots.txt") return answer(200, "text/plain; charset=utf-8", PAGE_CACHE, robotsTxt(visit.origin));
  if (pathname === "/favicon.ico") return new Response(null, { status: 204, headers: { "Cache-Control": PAGE_CACHE } });
  if (pathname === THANKS_PATH) return answer(200, HTML, NEVER, thanksNotice(await visit.frame()));
  const file = readSitemapPath(pathname);
  if (file !== null) return showSitemap(visit, file);
  const media = readMediaPath(pathname);
  return media === null ? null : showMedia(visit, media);
};

const show = async (visit: Visit, page: HostedPage | undefined): Promise<Response> => {
  const { url, origin, memory, site, host } = visit;
  if (host !== site.primary) return redirect(301, `${origin}${url.pathname}${url.search}`);
  const bare = url.pathname.replace(/\/+$/, "");
  if (url.pathname !== "/" && url.pathname !== bare) return redirect(301, `${origin}${bare === "" ? "/" : bare}${url.search}`);
  if (page?.state === "live") return showPage(visit, page);
  if (page?.state === "moved" && page.moved_to !== null) return redirect(301, `${origin}${page.moved_to}`);
  if (page?.state === "gone") return answer(410, HTML, SHORT_CACHE, goneNotice(await visit.frame()));
  const other = await showOther(visit);
  if (other !== null) return other;
  const front = url.pathname === "/" ? await memory.hostedPages.frontPath(site.project.id) : undefined;
  return front === undefined ? answer(404, HTML, SHORT_CACHE, notFoundNotice(await visit.frame())) : redirect(302, `${origin}${front}`);
};

const notAllowed = (): Response => answer(405, HTML, NEVER, bareNotice("That cannot be done here."), { Allow: "GET, HEAD" });

const respond = async (request: Request, services: Services, requestId: string, waitUntil: (work: Promise<unknown>) => void): Promise<Response> => {
  const url = new URL(request.url);
  const host = hostOf(url);
  const reading = request.method === "GET" || request.method === "HEAD";
  const { memory, hosting, settings, clock, dna } = services;
  const found = await memory.hosting.lookUp(host, url.pathname);
  if (found === null) return answer(404, HTML, SHORT_CACHE, bareNotice("There is no site at this address."));
  const { site, page } = found;
  if (site.closed) return answer(503, HTML, NEVER, bareNotice("This site is not available at the moment."), { "Retry-After": "3600" });
  const { project } = site;
  const visit: Visit = {
    request, url, host, site, services, requestId, waitUntil,
    origin: hosting.originOf(site.primary),
    memory: memory.for(project.tenant_id, { actor: "vendor:hosted-page", ip: request.headers.get("CF-Connecting-IP"), request_id: requestId }),
    frame: async () => siteFrameOf(project, await dna.load(project)),
    formTime: () => sealFormTime(clock.now(), host, settings.APEX_JWT_SECRET),
  };
  if (request.method === "POST" && url.pathname === LEAD_PATH) return takeForm(visit);
  return reading ? show(visit, page) : notAllowed();
};

/** Serves what tenants publish. Nothing of the API is reachable here, whatever the path. */
export const createPages = (servicesOf: (env: Cloudflare.Env) => Services) => ({
  async fetch(request: Request, env: Cloudflare.Env, ctx: Pick<ExecutionContext, "waitUntil">): Promise<Response> {
    const requestId = newId("req", Date.now());
    let response: Response;
    try {
      response = await respond(request, servicesOf(env), requestId, (work) => ctx.waitUntil(work));
    } catch (error) {
      log.error("a hosted page failed", { request_id: requestId, path: new URL(request.url).pathname, error: describeError(error), stack: error instanceof Error ? error.stack : undefined });
      response = answer(500, HTML, NEVER, bareNotice("Something went wrong on our side. Please try again."));
    }
    for (const [name, value] of Object.entries({ ...SITE_HEADERS, "X-Request-Id": requestId })) if (!response.headers.has(name)) response.headers.set(name, value);
    return request.method === "HEAD" ? new Response(null, response) : response;
  },
});
