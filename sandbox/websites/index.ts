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

export const isWebsitePath = (pathname: string): boolean => pathname === "/robots.txt" || pathname === "/sitemap.xml" || pathname.startsWith(PREFIX);

function send({ response }: Exchange, status: number, type: string, body: string | Buffer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": bytes.length });
  response.end(bytes);
}

/** The file behind an address; undefined where there is none. Nothing outside of the pages can be named. */
function fileOf(pathname: string): string | undefined {
  const file = path.join(PAGES, path.posix.normalize(decodeURIComponent(pathname.slice(PREFIX.length))));
  if (file !== PAGES && !file.startsWith(`${PAGES}${path.sep}`)) return undefined;
  const found = existsSync(file) && statSync(file).isDirectory() ? path.join(file, "index.html") : file;
  return existsSync(found) ? found : undefined;
}

/** Small businesses' websites, as they are found in the wild: files, and two that are out of order (`down`, `empty`). */
export function serveWebsite(exchange: Exchange): void {
  const { method, url } = exchange;
  const { pathname } = url;
  if (method !== "GET" && method !== "HEAD") return send(exchange, 405, "text/plain", "GET or HEAD.");
  if (pathname === "/robots.txt") return send(exchange, 200, "text/plain", ROBOTS);
  if (pathname.startsWith(`${PREFIX}down/`)) return send(exchange, 503, "text/html", "<h1>Service unavailable</h1>");
  if (pathname.startsWith(`${PREFIX}empty/`)) return send(exchange, 200, "text/html", "<!doctype html><title></title>");
  const file = pathname.startsWith(PREFIX) ? fileOf(pathname) : undefined;
  if (file === undefined) return send(exchange, 404, "text/html", "<h1>Not found</h1>");
  send(exchange, 200, TYPES[path.extname(file)] ?? "application/octet-stream", readFileSync(file));
}
