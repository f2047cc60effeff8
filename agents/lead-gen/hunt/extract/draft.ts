import { toE164 } from "../../../../core/phone.ts";
import { ordersMachines } from "../orders-to-machines.ts";
import { type Listing, listingSchema } from "../listing.ts";
import { phonesIn } from "../phones.ts";
import { postedAt } from "../posted-at.ts";
import { placeIn, urgencyOf } from "../words.ts";

/** For whom and where something is read. */
export interface Reading {
  /** The source's name in the DNA. */
  platform: string;
  /** ISO 3166-1 alpha-2: phones without a country code are read with it. */
  country: string;
  /** IANA: times without an offset are on its clocks. */
  zone: string;
  /** ms */
  now: number;
  /** Places of the DNA's geo filter: one that a text names is where the post is, if it does not say. */
  places: readonly string[];
}

/** What a page says of a post, as it says it. */
export interface Draft {
  title: string;
  url: string | null;
  description: string;
  location: string | null;
  /** As written where it is labelled as a phone; null: it is looked for in the words. */
  phone: string | null;
  posted: string | null;
  urgency?: Listing["urgency"];
  extraction: Listing["extraction"];
}

const clip = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).replace(/\p{Cs}$/u, "").trimEnd()}…`);
/** Also what no browser shows and no store takes: control characters, lone halves of pairs. */
const clean = (text: string): string => text.replace(/[^\S\n]+/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, (letter) => (letter === "\n" ? letter : "")).replace(/\p{Cs}/gu, "").replace(/ ?\n\s*/g, "\n").trim();
const oneLine = (text: string): string => clean(text).replace(/\s+/g, " ");

const phoneOf = ({ phone, title, description }: Draft, country: string): string | null => {
  const labelled = phone === null ? null : (toE164(phone, country) ?? phonesIn(phone, country)[0]);
  return labelled ?? phonesIn(`${title}\n${description}`, country)[0] ?? null;
};

/** A draft within a listing's bounds; null when it has no title to go by. Lines that speak to machines and not to people are left out. */
export const finish = (draft: Draft, { platform, country, zone, now, places }: Reading): Listing | null => {
  const title = oneLine(draft.title);
  if (title === "" || ordersMachines(title)) return null;
  const description = clean(draft.description).split("\n").filter((line) => !ordersMachines(line)).join("\n");
  const location = oneLine(draft.location ?? "") || placeIn(`${title}\n${description}`, places);
  const listing = listingSchema.safeParse({
    platform,
    url: draft.url !== null && draft.url.length <= 2048 ? draft.url : null,
    title: clip(title, 300),
    description: clip(description, 4000),
    location: location === null ? null : clip(location, 200),
    phone: phoneOf({ ...draft, title, description }, country),
    urgency: urgencyOf(`${title}\n${description}`) ?? draft.urgency ?? null,
    posted_at: postedAt(draft.posted, { now, zone, country }),
    extraction: draft.extraction,
  } satisfies Record<keyof Listing, unknown>);
  return listing.success ? listing.data : null;
};
