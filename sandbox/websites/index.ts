import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Exchange } from "../kit/http.ts";

const PAGES = fileURLToPath(new URL("pages", import.meta.url));
const PREFIX = "/sites/";
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".pdf": "application/pdf", ".css": "text/css" };

/** Businesses whose websites are kept here; see README.md. */
export const SITE_NAMES: readonly string[] = readdirSync(PAGES).toSorted();

const ROBOTS = `# The sandbox's websites share an origin.
User-agent: *
Disallow: /_sandbox/
Disallow: /v1beta/
Disallow: /2010-04-01/
Disallow: /sites/*/private/
`;

/** @param more lines of the same group, from whoever else lives at this origin */
export const robotsTxt = (more = ""): string => `${ROBOTS}${more}`;

export const isWebsitePath = (pathname: string): boolean => pathname === "/sitemap.xml" || pathname.startsWith(PREFIX);

/** The file behind an address; undefined where there is none. Nothing outside of the pages can be named. */
function fileOf(pathname: string): string | undefined {
  let named: string;
  try {
    named = decodeURIComponent(pathname.slice(PREFIX.length));
  } catch {
    return undefined;
  }
  const file = path.join(PAGES, path.posix.normalize(named));
  if (file !== PAGES && !file.startsWith(`${PAGES}${path.sep}`)) return undefined;
  const found = existsSync(file) && statSync(file).isDirectory() ? path.join(file, "index.html") : file;
  return existsSync(found) ? found : undefined;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const page = (status: number, body: string): Answer => ({ status, type: TYPES[".html"] ?? "", body });

function answerFor(pathname: string): Answer {
  if (pathname.startsWith(`${PREFIX}down/`)) return page(503, "<h1>Service unavailable</h1>");
  if (pathname.startsWith(`${PREFIX}empty/`)) return page(200, "<!doctype html><title></title>");
  const file = pathname.startsWith(PREFIX) ? fileOf(pathname) : undefined;
  if (file === undefined) return page(404, "<h1>Not found</h1>");
  return { status: 200, type: TYPES[path.extname(file)] ?? "application/octet-stream", body: readFileSync(file) };
}

/** Small businesses' websites, as they are found in the wild: files, and two that are out of order (`down`, `empty`). */
export function serveWebsite({ method, url, response }: Exchange): void {
  const { status, type, body } = method === "GET" || method === "HEAD" ? answerFor(url.pathname) : { status: 405, type: "text/plain", body: "GET or HEAD." };
  const bytes = Buffer.from(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(method === "HEAD" ? undefined : bytes);
}
