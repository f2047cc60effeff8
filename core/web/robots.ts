import type { GuardedResponse } from "../security/egress/fetch.ts";

/** What a site asks of robots (RFC 9309). */
export interface Robots {
  allows: (url: string) => boolean;
  sitemaps: string[];
  /** Seconds that it wants between two requests (`Crawl-delay`, in no standard and in many files); null where it does not say. */
  crawlDelayS: number | null;
}

interface Rule {
  allow: boolean;
  /** Its length decides which of several holds. */
  pattern: string;
}

/** RFC 9309 2.5: at least 500 KiB are to be read; nobody of good will writes more. */
export const MAX_ROBOTS_BYTES = 512 * 1024;
const ALLOW_ALL: Robots = { allows: () => true, sitemaps: [], crawlDelayS: null };
const ALLOW_NONE: Robots = { allows: () => false, sitemaps: [], crawlDelayS: null };

/** `*` is any run of characters, `$` at the end is the end. Matched step by step: a pattern of many stars must not take for ever. */
const matches = (pattern: string, path: string): boolean => {
  const anchored = pattern.endsWith("$");
  const [head = "", ...parts] = (anchored ? pattern.slice(0, -1) : pattern).split("*");
  if (!path.startsWith(head)) return false;
  let at = head.length;
  for (const [index, part] of parts.entries()) {
    if (anchored && index === parts.length - 1) return path.length - part.length >= at && path.endsWith(part);
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return !anchored || at === path.length;
};

/**
 * @param agent our product token, e.g. `ApexBot`; its own group counts, else that of `*`
 */
export const readRobots = (text: string, agent: string): Robots => {
  const groups = new Map<string, Rule[]>();
  const delays = new Map<string, number>();
  const sitemaps: string[] = [];
  let names: string[] = [];
  let inRules = false;
  for (const raw of text.split(/\r\n?|\n/).slice(0, 20_000)) {
    const [, field = "", value = ""] = /^\s*([a-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/i.exec(raw) ?? [];
    switch (field.toLowerCase()) {
      case "user-agent":
        names = inRules ? [value.toLowerCase()] : [...names, value.toLowerCase()];
        inRules = false;
        for (const name of names) if (!groups.has(name)) groups.set(name, []);
        break;
      case "allow":
      case "disallow":
        inRules = true;
        if (value !== "") for (const name of names) groups.get(name)?.push({ allow: field.toLowerCase() === "allow", pattern: value });
        break;
      case "crawl-delay":
        inRules = true;
        if (/^\d{1,5}(?:\.\d+)?$/.test(value)) for (const name of names) delays.set(name, Number(value));
        break;
      case "sitemap":
        if (sitemaps.length < 10) sitemaps.push(value);
        break;
    }
  }
  const group = groups.has(agent.toLowerCase()) ? agent.toLowerCase() : "*";
  const rules = groups.get(group) ?? [];
  return {
    sitemaps,
    crawlDelayS: delays.get(group) ?? null,
    allows: (url) => {
      const { pathname, search } = new URL(url);
      const path = `${pathname}${search}`;
      const fitting = rules.filter((rule) => matches(rule.pattern, path)).sort((a, b) => b.pattern.length - a.pattern.length || Number(b.allow) - Number(a.allow));
      return fitting[0]?.allow ?? true;
    },
  };
};

/**
 * A site's rules. One that cannot say what it asks for (5xx) is left alone; one that has no such file asks for nothing (RFC 9309 2.3.1).
 * @param userAgent product token first, e.g. `ApexBot/1.0 (…)`
 * @throws what `get` throws
 */
export const fetchRobots = async (origin: string, userAgent: string, get: (url: string) => Promise<Pick<GuardedResponse, "status" | "body">>): Promise<Robots> => {
  const { status, body } = await get(`${origin}/robots.txt`);
  if (status >= 500) return ALLOW_NONE;
  if (status !== 200) return ALLOW_ALL;
  return readRobots(new TextDecoder().decode(body), userAgent.split("/")[0] ?? userAgent);
};
