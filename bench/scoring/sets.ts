import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { createComposer, requireValid } from "../../core/dna/compose.ts";
import type { Dna } from "../../core/dna/schema.ts";
import { readProfiles } from "../../scripts/lib/dna-cli.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const read = (name: string): string => readFileSync(path.join(import.meta.dirname, name), "utf8");

const digestOf = ({ title, text }: { title: string; text: string }): string => createHash("sha256").update(`${title}\n${text}`).digest("hex");

const leadSchema = z.strictObject({ worth: z.number().min(0).max(100), place: z.string().nullable(), title: z.string(), text: z.string() });
const postSchema = z.strictObject({ url: z.string().optional(), title: z.string(), text: z.string(), place: z.string().optional(), phone: z.string().optional() });
const pairSchema = z.strictObject({ same: z.boolean(), kind: z.string(), a: postSchema, b: postSchema });

export type LabelledLead = z.infer<typeof leadSchema>;
export type LabelledPair = z.infer<typeof pairSchema>;
export type PairPost = z.infer<typeof postSchema>;

/** In an order of their own: the file's is that of their worth, and must help nobody. */
export const loadLeads = (): LabelledLead[] => z.array(leadSchema).parse(parse(read("leads.data.yaml"))).toSorted((a, b) => digestOf(a).localeCompare(digestOf(b)));
export const loadPairs = (): LabelledPair[] => z.array(pairSchema).parse(parse(read("pairs.data.yaml")));

/** The DNA of the business whose leads these are, as a project of its would have it. */
export const loadDna = (): Dna => requireValid(createComposer(readProfiles(ROOT)).compose({ project: { id: "bench", name: "Harbour Plumbing", country: "NZ" }, generated: "", custom: read("business.yaml") }), "custom").dna;
