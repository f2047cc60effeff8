import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { GuardedFetch } from "../security/egress/fetch.ts";
import { UrlRefused } from "../security/egress/guard.ts";
import { decodeBody } from "./charset.ts";
import type { RenderPage } from "./crawl.ts";
import { parseHtml } from "./dom.ts";
import { fetchRobots, MAX_ROBOTS_BYTES, type Robots } from "./robots.ts";
import { wallOf } from "./walls.ts";

export type VisitProblem = "refused" | "robots" | "busy" | "forbidden" | "login_wall" | "captcha" | "not_found" | "unreachable" | "too_large" | "no_browser";

export interface Visited {
  ok: true;
  /** Where redirects led. */
  url: string;
  contentType: string;
  text: string;
}
export interface Unvisited {
  ok: false;
  problem: VisitProblem;
  /** Of `busy`: how long the site wants to be left alone; null where it does not say. */
  retryAfterMs: number | null;
}
export type Visit = Visited | Unvisited;

export interface VisitorTools {
  fetch: GuardedFetch;
  render: RenderPage;
  clock: Pick<Clock, "now">;
  /** Product token first; what it does, and for whom. */
  userAgent: string;
  /**
   * Books the next turn at a host, where requests are `delayS` apart whoever makes them.
   * @returns ms to wait for it; null: it is further off than `maxWaitMs`
   */
  turnAt: (host: string, options: { delayS: number; maxWaitMs: number }) => Promise<number | null>;
  wait: (ms: number) => Promise<void>;
}

export interface VisitorOptions {
  /** Seconds between two requests to one host, where its robots.txt does not ask for more. */
  delayS: number;
  maxBytes: number;
  fetchTimeoutMs: number;
  renderTimeoutMs: number;
}

const MAX_REDIRECTS = 5;
/** A site that wants more than that between two requests is waited for by nobody who holds a connection open. */
const LONGEST_WAIT_MS = 30_000;

/** `Retry-After`: seconds or a date (RFC 9110 10.2.3). */
export const retryAfterMs = (header: string | null | undefined, now: number): number | null => {
  if (header === null || header === undefined) return null;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const at = /^\w{3},/.test(header.trim()) ? Date.parse(header) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};

const no = (problem: VisitProblem, wait: number | null = null): Unvisited => ({ ok: false, problem, retryAfterMs: wait });

const problemOf = (error: unknown): Unvisited => {
  if (error instanceof UrlRefused) return no("refused");
  if (error instanceof AppError) return no(error.code === "egress_too_large" || error.code === "browser_too_large" ? "too_large" : error.code === "browser_unavailable" ? "no_browser" : "unreachable");
  throw error;
};

const isMarkup = (contentType: string): boolean => contentType === "" || /html/i.test(contentType);

/**
 * Reads pages of strangers' sites as they wish to be read: by name, where robots.txt allows, one request at a time and no faster than
 * the site asks. What stands in the way is the answer, not an error.
 */
export const createVisitor = (tools: VisitorTools, options: VisitorOptions) => {
  const { fetch, render, clock, userAgent, turnAt, wait } = tools;
  const known = new Map<string, Robots>();

  const get = async (url: string, accept: string, maxBytes: number) =>
    fetch({ url, headers: { "User-Agent": userAgent, Accept: accept }, maxBytes, timeoutMs: options.fetchTimeoutMs, maxRedirects: MAX_REDIRECTS });

  const robotsOf = async (url: string): Promise<Robots> => {
    const { origin } = new URL(url);
    const robots = known.get(origin) ?? (await fetchRobots(origin, userAgent, async (address) => get(address, "text/plain", MAX_ROBOTS_BYTES)));
    known.set(origin, robots);
    return robots;
  };

  /** @returns false when the turn is too far away */
  const awaitTurn = async (url: string, robots: Robots): Promise<boolean> => {
    const { host } = new URL(url);
    const delayS = Math.max(options.delayS, robots.crawlDelayS ?? 0);
    const away = await turnAt(host, { delayS, maxWaitMs: LONGEST_WAIT_MS });
    if (away !== null && away > 0) await wait(away);
    return away !== null;
  };

  const open = async (url: string, { scripts, accept }: { scripts: boolean; accept: string }) => {
    if (!scripts) {
      const { status, headers, url: at, body } = await get(url, accept, options.maxBytes);
      const contentType = headers.get("Content-Type") ?? "";
      return { status, url: at, contentType, text: decodeBody(body, contentType), retryAfter: headers.get("Retry-After") };
    }
    const drawn = await render(url, { userAgent, timeoutMs: options.renderTimeoutMs, maxBytes: options.maxBytes });
    return { status: drawn.status ?? 200, url: drawn.url, contentType: "text/html", text: drawn.html, retryAfter: drawn.retryAfter };
  };

  return {
    /** @param scripts whether the page is to be opened in the browser */
    async visit(url: string, { scripts = false, accept = "text/html,application/xhtml+xml" }: { scripts?: boolean; accept?: string } = {}): Promise<Visit> {
      try {
        if (!URL.canParse(url)) return no("refused");
        const robots = await robotsOf(url);
        if (!robots.allows(url)) return no("robots");
        if (!(await awaitTurn(url, robots))) return no("busy", LONGEST_WAIT_MS);
        const answer = await open(url, { scripts, accept });
        if (new URL(answer.url).origin !== new URL(url).origin && !(await robotsOf(answer.url)).allows(answer.url)) return no("robots");
        if (answer.status === 429 || (answer.status === 503 && answer.retryAfter !== null && answer.retryAfter !== undefined)) return no("busy", retryAfterMs(answer.retryAfter, clock.now()));
        const wall = isMarkup(answer.contentType) ? wallOf(parseHtml(answer.text), { asked: url, url: answer.url, status: answer.status }) : null;
        if (wall !== null) return no(wall);
        if (answer.status === 401) return no("login_wall");
        if (answer.status === 403) return no("forbidden");
        if (answer.status >= 500) return no("unreachable");
        if (answer.status >= 400) return no("not_found");
        return { ok: true, url: answer.url, contentType: answer.contentType, text: answer.text };
      } catch (error) {
        return problemOf(error);
      }
    },
  };
};

export type Visitor = ReturnType<typeof createVisitor>;
