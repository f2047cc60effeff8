import type { Source } from "../../../../core/dna/schema/sniper.ts";
import { parseHtml } from "../../../../core/web/dom.ts";
import { type Feed, readJsonFeed, readXmlFeed } from "../../../../core/web/feed.ts";
import { linesOf, textOfLines, visibleText } from "../../../../core/web/lines.ts";
import type { Draft } from "./draft.ts";

export type FeedSource = Extract<Source, { kind: "rss" | "json_feed" }>;

/** A feed's text in its own format; null when it is something else. */
export const readFeed = (source: FeedSource, text: string, url: string): Feed | null => {
  if (source.kind === "rss") return readXmlFeed(text, url);
  const { fields } = source;
  const own = fields?.items === undefined || fields.title === undefined ? undefined : { ...fields, items: fields.items, title: fields.title };
  return readJsonFeed(text, url, own, source.link_template);
};

const plain = (html: string): string => (/[<&]/.test(html) ? textOfLines(linesOf(parseHtml(html), "https://invalid/")) : html.trim());

export const postsInFeed = ({ items }: Feed, { fields }: Pick<FeedSource, "fields">): Draft[] =>
  items.flatMap((item) => {
    const field = (name: string | undefined): string | null => (name === undefined ? null : item.field(name));
    const description = plain(item.html);
    const title = /[<&]/.test(item.title) ? visibleText(parseHtml(item.title)) : item.title;
    // Short posts have none of their own.
    const heading = title === "" ? (description.split("\n")[0] ?? "").slice(0, 120) : title;
    return heading === "" ? [] : [{ title: heading, url: item.url, description, location: field(fields?.location), phone: field(fields?.phone), posted: field(fields?.posted_at) ?? item.published, extraction: "feed" as const }];
  });
