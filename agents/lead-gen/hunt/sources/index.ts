import { facebookGroups } from "./facebook-groups.ts";
import { htmlList } from "./html-list.ts";
import { jsonFeed } from "./json-feed.ts";
import { rss } from "./rss.ts";
import type { NamedSource, Permission, Platforms, Source, SourceAdapter, SourceKind } from "./source.types.ts";
import { trademeJobs } from "./trademe-jobs.ts";

const adapters: { [Kind in SourceKind]: SourceAdapter<Kind> } = { html_list: htmlList, rss, json_feed: jsonFeed, trademe_jobs: trademeJobs, facebook_groups: facebookGroups };

/** Platforms that can be named without a source of that name. */
const BUILT_IN: Readonly<Record<string, Source>> = { trademe_jobs: { kind: "trademe_jobs" }, facebook_groups: { kind: "facebook_groups" } };

/** An adapter, told its source. */
export type BoundAdapter = Pick<SourceAdapter<SourceKind>, "permits" | "accept"> & {
  template: string | null;
  scripts: boolean;
  read: (...[page, reading, model]: [Parameters<SourceAdapter<SourceKind>["read"]>[0], Parameters<SourceAdapter<SourceKind>["read"]>[2], Parameters<SourceAdapter<SourceKind>["read"]>[3]]) => ReturnType<SourceAdapter<SourceKind>["read"]>;
};

const bind = <Kind extends SourceKind>({ permits, accept, template, scripts, read }: SourceAdapter<Kind>, source: Extract<Source, { kind: Kind }>): BoundAdapter => ({
  permits,
  accept,
  template: template(source),
  scripts: scripts(source),
  read: async (page, reading, model) => read(page, source, reading, model),
});

export const adapterOf = (source: Source): BoundAdapter => {
  switch (source.kind) {
    case "html_list":
      return bind(adapters.html_list, source);
    case "rss":
      return bind(adapters.rss, source);
    case "json_feed":
      return bind(adapters.json_feed, source);
    case "trademe_jobs":
      return bind(adapters.trademe_jobs, source);
    case "facebook_groups":
      return bind(adapters.facebook_groups, source);
  }
};

/** The source that a platform's name stands for; null when there is none. */
export const sourceNamed = (name: string, { sources }: Pick<Platforms, "sources">): NamedSource | null => {
  const source = (Object.hasOwn(sources, name) ? sources[name] : undefined) ?? (Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined);
  return source === undefined ? null : { name, source };
};

/**
 * Whether a permission is enough for a platform.
 * @param now ms; a permission holds until its last day is over everywhere
 */
export const isPermitted = ({ permits }: Pick<BoundAdapter, "permits">, permission: Permission | undefined, now: number): boolean =>
  permission !== undefined && permits.accepts.includes(permission.by) && (permission.until === undefined || Date.parse(permission.until) + 36 * 3_600_000 > now);
