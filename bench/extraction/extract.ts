import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { linesOfText, type ModelTools, readFeedPage, readListPage, readText } from "../../agents/lead-gen/hunt/extract/read.ts";
import type { Listing } from "../../agents/lead-gen/hunt/listing.ts";
import type { Usage } from "../../core/providers/gemini/client.ts";
import { sourceSchema } from "../../core/dna/schema/sniper.ts";
import { labelSchema } from "./score.ts";

const caseSchema = z.strictObject({
  file: z.string(),
  made: z.enum(["tidy", "mess"]),
  country: z.string(),
  url: z.string().nullable(),
  source: z.looseObject({ kind: z.enum(["html_list", "rss", "json_feed", "text"]) }).optional(),
  posts: z.array(labelSchema),
});
export type Case = z.infer<typeof caseSchema>;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const loadCases = (): { now: number; cases: Case[] } => {
  const { now, cases } = z.strictObject({ now: z.iso.datetime(), cases: z.array(caseSchema) }).parse(parse(readFileSync(here("labels.yaml"), "utf8")));
  return { now: Date.parse(now), cases };
};

const ZONES: Readonly<Record<string, string>> = { NZ: "Pacific/Auckland", AU: "Australia/Melbourne", GB: "Europe/London" };

export interface Outcome {
  listings: Listing[];
  usages: Usage[];
  made_up: number;
  /** Only a model could have read it, and there was none. */
  unread: boolean;
  /** Characters of what people see, whether or not a model was asked. */
  characters: number;
}

/** Reads a case as the product does. @param model null: without */
export const extract = async ({ file, country, url, source }: Case, now: number, model: ModelTools | null): Promise<Outcome> => {
  const text = readFileSync(here(`cases/${file}`), "utf8");
  const reading = { platform: "bench", country, zone: ZONES[country] ?? "UTC", now, places: [] };
  const at = url ?? "https://pasted.invalid/";
  const read = async () => {
    if (source?.kind === "text") return readText({ text, url }, reading, model);
    const parsed = sourceSchema.parse({ url: at, kind: "html_list", ...source });
    if (parsed.kind === "rss" || parsed.kind === "json_feed") return readFeedPage(parsed, { text, url: at }, reading);
    return readListPage({ html: text, url: at, ...(parsed.kind === "html_list" ? { selectors: parsed.selectors, next: parsed.next } : {}) }, reading, model);
  };
  const extracted = await read();
  const characters = linesOfText(text).reduce((sum, line) => sum + line.text.length, 0);
  return { listings: extracted?.listings ?? [], usages: extracted?.usages ?? [], made_up: extracted?.made_up ?? 0, unread: extracted?.unread ?? false, characters };
};
