import type { GuardedFetch } from "../security/egress/fetch.ts";
import { createGuardedFetch } from "../security/egress/fetch.ts";
import { createUrlChecker } from "../security/egress/resolve.ts";
import { vendorError } from "../errors.ts";
import { createVisitor, type Visitor, type VisitorOptions, type VisitorTools } from "./visitor.ts";

export interface Answer {
  status?: number;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}
export type Site = Record<string, Answer | ((asked: number) => Answer)>;

/** Websites on the wire; the guard, the robots' rules and the reading are real. `asked`: each request, in order. */
const standInForSites = (site: Site): { fetch: GuardedFetch; asked: string[] } => {
  const asked: string[] = [];
  const wire = async (input: RequestInfo | URL): Promise<Response> => {
    const url = input instanceof Request ? input.url : input.toString();
    asked.push(url);
    const found = site[url];
    const { status = 200, type = "text/html", body = "", headers = {} } = typeof found === "function" ? found(asked.filter((one) => one === url).length) : (found ?? { status: 404 });
    return Promise.resolve(new Response(body, { status, headers: { "Content-Type": type, ...headers } }));
  };
  const check = createUrlChecker({ allowHosts: [], dohUrl: null, fetch: wire });
  return { fetch: createGuardedFetch({ check, fetch: wire }), asked };
};

const OPTIONS: VisitorOptions = { delayS: 1, maxBytes: 20_000, fetchTimeoutMs: 5000, renderTimeoutMs: 5000 };

/** A visitor of such sites, whose waits are noted instead of waited. */
export const visitorOf = (site: Site, tools: Partial<VisitorTools> = {}, options: Partial<VisitorOptions> = {}): { visitor: Visitor; asked: string[]; turns: [string, number][] } => {
  const { fetch, asked } = standInForSites(site);
  const turns: [string, number][] = [];
  const visitor = createVisitor(
    {
      fetch,
      render: async () => Promise.reject(vendorError("browser_unavailable", "none", { retryable: true })),
      clock: { now: () => Date.parse("2026-11-26T02:00:00Z") },
      userAgent: "ApexBot/1.0 (test)",
      turnAt: async (host, { delayS }) => {
        turns.push([host, delayS]);
        return Promise.resolve(0);
      },
      wait: async () => Promise.resolve(),
      ...tools,
    },
    { ...OPTIONS, ...options },
  );
  return { visitor, asked, turns };
};
