import { isObject, type JsonObject, listOf, nameOf, textOf, typesOf } from "../../../../core/web/json-ld.ts";
import { parseHtml } from "../../../../core/web/dom.ts";
import { linesOf, textOfLines } from "../../../../core/web/lines.ts";
import { webUrl } from "../../../../core/web/visible.ts";
import type { Draft } from "./draft.ts";

/** What on schema.org may be somebody's wish: jobs, demands, offers of work, posts in a forum. */
const POSTS = new Set(["JobPosting", "Demand", "Offer", "DiscussionForumPosting", "SocialMediaPosting", "Question", "ClassifiedAd", "ServiceRequest"]);

/** Descriptions are HTML more often than not, at times escaped once more. */
const prose = (value: unknown): string => {
  const [first] = listOf(value);
  const text = typeof first === "string" ? first : isObject(first) ? (textOf(first["@value"]) ?? "") : "";
  const read = (html: string): string => textOfLines(linesOf(parseHtml(html), "https://invalid/"));
  const once = /[<&]/.test(text) ? read(text) : text.trim();
  return /<\/?(?:p|br|div|ul|li|b|strong)\b/i.test(once) ? read(once) : once;
};

const addressOf = (value: unknown): string | null => {
  if (!isObject(value)) return textOf(value);
  const parts = ["streetAddress", "addressLocality", "addressRegion"].flatMap((name) => textOf(value[name]) ?? []);
  return parts.length > 0 ? [...new Set(parts)].join(", ") : nameOf(value);
};

const placeOf = (value: unknown): string | null => {
  for (const place of listOf(value)) {
    const said = isObject(place) ? (addressOf(place["address"]) ?? addressOf(place)) : textOf(place);
    if (said !== null) return said;
  }
  return null;
};

const locationOf = (node: JsonObject): string | null => {
  for (const name of ["jobLocation", "areaServed", "availableAtOrFrom", "location", "contentLocation", "locationCreated", "applicantLocationRequirements"]) {
    const found = placeOf(node[name]);
    if (found !== null) return found;
  }
  return null;
};

const phoneOf = (node: JsonObject): string | null => {
  const direct = textOf(node["telephone"]);
  if (direct !== null) return direct;
  for (const name of ["applicationContact", "contactPoint", "author", "seller", "hiringOrganization"]) {
    for (const who of listOf(node[name])) {
      const found = isObject(who) ? (textOf(who["telephone"]) ?? listOf(who["contactPoint"]).flatMap((point) => (isObject(point) ? (textOf(point["telephone"]) ?? []) : []))[0]) : undefined;
      if (found !== undefined) return found;
    }
  }
  return null;
};

const itemOf = (node: JsonObject): JsonObject => listOf(node["itemOffered"]).find(isObject) ?? {};

const urlOf = (node: JsonObject, pageUrl: string): string | null => {
  const main = node["mainEntityOfPage"];
  for (const value of [node["url"], isObject(main) ? (main["@id"] ?? main["url"]) : main, node["@id"]]) {
    const text = isObject(value) ? textOf(value["@id"]) : textOf(value);
    if (text !== null && !text.startsWith("_:") && !text.startsWith("#")) return webUrl(text, pageUrl);
  }
  return null;
};

export interface JsonLdPosts {
  drafts: Draft[];
  /** Addresses, or titles, of those whose time is over (`validThrough`). */
  expired: string[];
}

/**
 * What a page's JSON-LD says of posts: lists, `@graph` and nesting are undone already (core/web/json-ld.ts). A property may be missing, a
 * text in place of an object, or the other way round. A nested offer without a name of its own is a price, no post.
 * @param now ms
 */
export const postsInJsonLd = (nodes: readonly JsonObject[], pageUrl: string, now: number): JsonLdPosts => {
  const found = nodes.filter((node) => typesOf(node).some((type) => POSTS.has(type)));
  const drafts: Draft[] = [];
  const expired: string[] = [];
  for (const node of found) {
    const item = itemOf(node);
    const title = [node["title"], node["headline"], node["name"], item["name"]].map(prose).find((text) => text !== "");
    if (title === undefined) continue;
    const url = urlOf(node, pageUrl) ?? (found.length === 1 ? pageUrl : null);
    const until = Date.parse(textOf(node["validThrough"]) ?? "");
    // A date without a time is over when the day is, wherever the day ends last.
    if (!Number.isNaN(until) && until + 36 * 3_600_000 < now) {
      expired.push(url ?? title);
      continue;
    }
    const description = [node["description"], node["articleBody"], node["text"], item["description"]].map(prose).find((text) => text !== "") ?? "";
    drafts.push({ title, url, description, location: locationOf(node), phone: phoneOf(node), posted: textOf(node["datePosted"] ?? node["datePublished"] ?? node["dateCreated"] ?? node["validFrom"]), extraction: "json_ld" });
  }
  return { drafts, expired };
};
