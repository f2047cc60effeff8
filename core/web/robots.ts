/** What a site asks of robots (RFC 9309). */
export interface Robots {
  allows: (url: string) => boolean;
  sitemaps: string[];
}

interface Rule {
  allow: boolean;
  /** Its length decides which of several holds. */
  pattern: string;
}

/** RFC 9309 2.5: at least 500 KiB are to be read; nobody of good will writes more. */
export const MAX_ROBOTS_BYTES = 512 * 1024;
export const ALLOW_ALL: Robots = { allows: () => true, sitemaps: [] };
export const ALLOW_NONE: Robots = { allows: () => false, sitemaps: [] };

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
      case "sitemap":
        if (sitemaps.length < 10) sitemaps.push(value);
        break;
    }
  }
  const rules = groups.get(agent.toLowerCase()) ?? groups.get("*") ?? [];
  return {
    sitemaps,
    allows: (url) => {
      const { pathname, search } = new URL(url);
      const path = `${pathname}${search}`;
      const fitting = rules.filter((rule) => matches(rule.pattern, path)).sort((a, b) => b.pattern.length - a.pattern.length || Number(b.allow) - Number(a.allow));
      return fitting[0]?.allow ?? true;
    },
  };
};
