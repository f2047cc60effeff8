import { BadRequest, type Exchange, readJson, sendEmpty, sendJson } from "../kit/http.ts";
import { type JobBoard, PAGE_SIZE, parsePost, parseSettings } from "./board.ts";
import { appData, atom, jsonFeed, rss } from "./feeds.ts";
import { detail, document, item, nextLink, notices } from "./markup.ts";
import type { Post } from "./posts.ts";
import { troubleAt } from "./troubles.ts";

export { JobBoard } from "./board.ts";
export type { BoardSettings } from "./board.ts";
export type { NewPost, Post } from "./posts.ts";

export const isBoardPath = (pathname: string): boolean => pathname.startsWith("/board/");

/** The lines of robots.txt that are about the board; see websites/index.ts. */
export const boardRobots = ({ settings }: JobBoard): string => `Disallow: /board/private/\n${settings.crawlDelayS === null ? "" : `Crawl-delay: ${settings.crawlDelayS}\n`}`;

const APP = document(
  "Jobs",
  `<div id="app"></div><script>
const ask = new URLSearchParams(location.search);
fetch("/board/api/posts?" + ask).then((answer) => answer.json()).then(({ data }) => {
  const list = document.createElement("ul");
  for (const post of data.posts) {
    const entry = list.appendChild(document.createElement("li"));
    entry.className = "post";
    const title = entry.appendChild(document.createElement("h2"));
    title.className = "post-title";
    const link = title.appendChild(document.createElement("a"));
    link.href = "/board/post/" + post.ref;
    link.textContent = post.headline;
    for (const [name, text] of [["text", post.body], ["place", post.suburb.name], ["phone", post.contact.phone], ["when", new Date(post.created * 1000).toISOString()]]) {
      if (text === null) continue;
      const part = entry.appendChild(document.createElement("p"));
      part.className = "post-" + name;
      part.textContent = text;
    }
  }
  document.getElementById("app").append(list);
});
</script>`,
).replace(/<header>[^]*?<\/header>/, "").replace(/<footer>[^]*?<\/footer>/, "");

interface Asked {
  readonly posts: readonly Post[];
  readonly page: number;
  /** The address of the page after this one; null at the end. */
  readonly next: string | null;
}

function asked(board: JobBoard, url: URL): Asked {
  const { searchParams: query } = url;
  const page = Math.max(1, Math.floor(Number(query.get("page") ?? "1")) || 1);
  const all = board.find({ words: query.get("q") ?? "", place: query.get("where") ?? "" });
  const further = new URLSearchParams(query);
  further.set("page", String(page + 1));
  return { posts: all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), page, next: page * PAGE_SIZE < all.length ? `${url.pathname}?${further.toString()}` : null };
}

const html = ({ response }: Exchange, body: string, status = 200, type = "text/html"): void => {
  const bytes = Buffer.from(body);
  response.writeHead(status, { "Content-Type": `${type}; charset=utf-8`, "Content-Length": bytes.length });
  response.end(bytes);
};

/** The board's pages, feeds and troubles, under `/board/`; see sandbox/README.md. */
export function serveBoard(board: JobBoard, exchange: Exchange, now: () => number = Date.now): void {
  const { url, method, request } = exchange;
  if (method !== "GET" && method !== "HEAD") throw new BadRequest("GET or HEAD.", 405);
  const trouble = troubleAt(url.pathname, board, now);
  if (trouble !== undefined) {
    trouble(exchange);
    return;
  }
  const id = /^\/board\/post\/(\w+)$/.exec(url.pathname)?.[1];
  const post = id === undefined ? undefined : board.get(id);
  if (post !== undefined) {
    html(exchange, detail(post, now()));
    return;
  }
  const origin = `http://${request.headers.host ?? "sandbox"}`;
  const { posts, page, next } = asked(board, url);
  const pages: Readonly<Record<string, () => void>> = {
    "/board/jobs": () => html(exchange, document(`Jobs, page ${page}`, `<main><h1>Jobs</h1><ul>${posts.map((one) => item(one, now())).join("\n")}</ul>${nextLink(next)}</main>`)),
    "/board/notices": () => html(exchange, document("Noticeboard", `${notices(posts, now())}${nextLink(next)}`)),
    "/board/app": () => html(exchange, APP),
    "/board/api/posts": () => sendJson(exchange.response, 200, appData(posts, next !== null)),
    "/board/feed.rss": () => html(exchange, rss(posts, origin), 200, "application/rss+xml"),
    "/board/feed.atom": () => html(exchange, atom(posts, origin), 200, "application/atom+xml"),
    "/board/feed.json": () => sendJson(exchange.response, 200, jsonFeed(posts, origin, next === null ? null : `${origin}${next}`), { "Content-Type": "application/feed+json" }),
    "/board/private/jobs": () => html(exchange, document("Private", "<p>No robot was to come here.</p>")),
  };
  const serve = pages[url.pathname];
  if (serve === undefined) html(exchange, document("Not found", "<h1>Not found</h1>"), 404);
  else serve();
}

/** `/_sandbox/board…`: posts and settings from outside. */
export async function controlBoard(board: JobBoard, exchange: Exchange): Promise<void> {
  const { method, request, response, url } = exchange;
  const id = /^\/_sandbox\/board\/posts\/(\w+)$/.exec(url.pathname)?.[1];
  if (method === "GET" && url.pathname === "/_sandbox/board/posts") sendJson(response, 200, { posts: board.find({ words: "", place: "" }) });
  else if (method === "POST" && url.pathname === "/_sandbox/board/posts") sendJson(response, 201, board.add(parsePost(await readJson(request))));
  else if (method === "DELETE" && id !== undefined) {
    board.remove(id);
    sendEmpty(response, 204);
  } else if (method === "PUT" && url.pathname === "/_sandbox/board") {
    board.set(parseSettings(await readJson(request)));
    sendJson(response, 200, board.settings);
  } else throw new BadRequest(`There is no ${method} ${url.pathname}; see sandbox/README.md.`, 404);
}
