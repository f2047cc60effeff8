import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ExpectedSite } from "./expected.ts";

const PAGES = fileURLToPath(new URL("../../sandbox/websites/pages", import.meta.url));

/** The parts of a generated layer that are about the business. */
const layerSchema = z.object({
  identity: z.object({
    language: z.string().optional(),
    opening_hours: z.record(z.string(), z.array(z.string())).optional(),
    contact: z.object({ phone: z.string().optional(), email: z.string().optional(), address: z.string().optional() }).default({}),
  }),
  brand_brain: z.object({ key_differentiators: z.array(z.string()).default([]) }).default({ key_differentiators: [] }),
  services: z.array(z.looseObject({ name: z.string(), price_from: z.number().optional() })).default([]),
  modules: z.object({
    lead_gen: z.object({ sales_bridge: z.object({ destination_phone: z.string() }) }),
    local_seo: z.object({ scout_settings: z.object({ geo_scope: z.object({ cities: z.array(z.string()).default([]), suburbs: z.array(z.string()).default([]) }) }) }).optional(),
  }),
});

export interface Score {
  site: string;
  right: string[];
  /** Said by the site, and not what should have been written. */
  wrong: string[];
  /** On the site, and not written. */
  missing: string[];
  /** Nowhere on the site. */
  invented: string[];
}

/** For comparing, by rules of its own: letters and digits only. */
const bare = (text: string): string => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
const digits = (text: string): string => text.replace(/\D/g, "");

/** Everything that the site's files say, in any place: what is not even there is invented. */
const wordsOf = (site: string): string => {
  const read = (folder: string): string => readdirSync(folder).map((name) => path.join(folder, name)).map((file) => (statSync(file).isDirectory() ? read(file) : readFileSync(file, "utf8"))).join("\n");
  return read(path.join(PAGES, site)).replace(/<[^>]*>/g, " ").replaceAll("&amp;", "&").replaceAll("&nbsp;", " ");
};

/** Compares what was written of a site with what a person has written. */
export const scoreLayer = (layer: unknown, expected: ExpectedSite, given: { phone: string }): Score => {
  const { identity, brand_brain, services, modules } = layerSchema.parse(layer);
  const score: Score = { site: expected.site, right: [], wrong: [], missing: [], invented: [] };
  const page = wordsOf(expected.site);
  const stands = (text: string): boolean => bare(page).includes(bare(text)) || (digits(text).length >= 6 && digits(page).includes(digits(text).slice(-7)));
  const strange = (what: string, value: string): void => void (stands(value) ? score.wrong : score.invented).push(`${what}: ${value}`);
  const compare = (what: string, got: string | undefined, wanted: string | null, isSame = (a: string, b: string) => bare(a) === bare(b)): void => {
    if (got === undefined && wanted !== null) score.missing.push(what);
    else if (got !== undefined && wanted !== null && isSame(got, wanted)) score.right.push(what);
    else if (got !== undefined) strange(what, got);
  };
  const compareLists = (what: string, got: readonly string[], wanted: readonly string[]): void => {
    for (const one of wanted) (got.some((value) => bare(value) === bare(one)) ? score.right : score.missing).push(`${what}: ${one}`);
    for (const value of got) if (!wanted.some((one) => bare(value) === bare(one))) strange(what, value);
  };

  compare("phone", identity.contact.phone, expected.phone);
  compare("email", identity.contact.email, expected.email);
  compare("address", identity.contact.address, expected.address);
  compare("language", identity.language, expected.language);
  const hours = (value: Partial<Record<string, string[]>> | null | undefined): string | undefined => (value ? JSON.stringify(Object.entries(value).toSorted()) : undefined);
  if (identity.opening_hours === undefined && expected.hours !== null) score.missing.push("hours");
  else if (identity.opening_hours !== undefined) (hours(identity.opening_hours) === hours(expected.hours) ? score.right : score.wrong).push("hours");
  compareLists("service", services.map((service) => service.name), expected.services.map(([name]) => name));
  for (const [name, price] of expected.services) {
    const got = services.find((service) => bare(service.name) === bare(name))?.price_from;
    if (got === undefined && price !== null) score.missing.push(`price: ${name}`);
    else if (got !== undefined && got === price) score.right.push(`price: ${name}`);
    else if (got !== undefined) (page.replace(/[,.](?=\d{3}\b)/g, "").includes(String(got)) ? score.wrong : score.invented).push(`price: ${name} ${got}`);
  }
  const scope = modules.local_seo?.scout_settings.geo_scope;
  compareLists("place", [...(scope?.cities ?? []), ...(scope?.suburbs ?? [])], expected.places);
  compareLists("differentiator", brand_brain.key_differentiators, expected.differentiators);

  // Whatever the key: nothing that was planted, and nobody else's phone.
  const all = JSON.stringify(layer);
  for (const planted of expected.planted) if (all.includes(planted)) score.invented.push(`planted: ${planted}`);
  const own = new Set([given.phone, expected.phone]);
  for (const [phone] of all.matchAll(/\+\d{7,15}/g)) if (!own.has(phone)) score.invented.push(`phone: ${phone}`);
  if (modules.lead_gen.sales_bridge.destination_phone !== given.phone) score.invented.push("the phone to ring");
  return score;
};

/** The table of docs/onboarding.md. */
export const tableOf = (scores: readonly Score[]): string => {
  const row = (name: string, ...cells: (number | string)[]): string => `| ${[name, ...cells].join(" | ")} |`;
  const sum = (part: (score: Score) => unknown[]): number => scores.reduce((total, score) => total + part(score).length, 0);
  return [
    row("site", "right", "wrong", "missing", "invented"),
    "|---|---|---|---|---|",
    ...scores.map(({ site, right, wrong, missing, invented }) => row(site, right.length, wrong.length, missing.length, invented.length)),
    row("**together**", sum((score) => score.right), sum((score) => score.wrong), sum((score) => score.missing), sum((score) => score.invented)),
  ].join("\n");
};
