import { pickFrom, pickIndex } from "../kit/seed.ts";
import { analyse, matterOf, type Analysis } from "./conversation.ts";
import { judgedPosts } from "./judged-posts.ts";
import { toldByPages } from "./pages.ts";
import { toldByLines } from "./posts.ts";
import type { Schema } from "./schema.ts";
import type { SpeechSegment } from "./speech.ts";

/** What an answer is made of. */
export interface Matter {
  /** All text of the request; the same text gives the same answer. */
  readonly prompt: string;
  /** What the model was told beforehand. */
  readonly instructions?: string;
  /** What was said in the request's audio; null when it had none. */
  readonly speech: { readonly segments: readonly HeardSegment[]; readonly seconds: number } | null;
}

export interface HeardSegment extends SpeechSegment {
  /** Which of the request's audio parts, from 0, and the text just before it, which may say whose it is. */
  readonly part: number;
  readonly label: string;
}

const LONG_TEXT = /(^|_)(html|body|content|markdown|article|body_html|page|copy)$/i;
const NEGATIVE_FLAG = /(spam|block|reject|is_test|truncat|error|harmful|unsafe|toxic|duplicate|hallucinat)/i;
/** What a list of choices offers whoever finds none of the others. */
const CATCH_ALL = /^(other|none|unknown|unclear)$/i;
const TEXT_FIELD = /^(text|transcript|words|content|utterance|sentence)$/i;
const TIME_FIELD = /^(start|end|at|from|to|begin|offset|time)(_|$|[A-Z]|s$|ms$)/;
/** How long a made-up page is, in sentences. */
const LONG_SENTENCES = 40;

/** Fills a schema with something that satisfies it and has to do with the prompt. */
export class Filler {
  readonly #matter: Matter;
  readonly #sentences: readonly string[];
  readonly #analysis: Analysis;

  constructor(matter: Matter) {
    this.#matter = matter;
    const heard = matter.speech?.segments.map((segment) => segment.text).join(" ") ?? "";
    this.#sentences = matter.speech === null ? matterOf(matter.prompt) : matterOf(heard);
    this.#analysis = analyse(matter.speech === null ? matter.prompt : heard);
  }

  fill(schema: Schema, path = "$"): unknown {
    const name = path.slice(path.lastIndexOf(".") + 1).replace(/\[\d+\]$/, "");
    if (schema.choices !== undefined) return this.#choice(schema.choices, name, path);
    switch (schema.type) {
      case "object":
        return Object.fromEntries(schema.properties.map(([key, inner]) => [key, this.fill(inner, `${path}.${key}`)]));
      case "array":
        return this.#list(schema, name, path);
      case "number":
      case "integer":
        return this.#number(schema, name, path);
      case "boolean":
        return !NEGATIVE_FLAG.test(name);
      case "null":
        return null;
      case "string":
      case "any":
        return fit(this.#text(name, path), schema, `${this.#matter.prompt}${path}`);
    }
  }

  #choice(choices: readonly unknown[], name: string, path: string): unknown {
    const { sentiment, urgency } = this.#analysis;
    const derived = /sentiment|mood|tone/i.test(name) ? sentiment : /urgency|priority/i.test(name) ? urgency : undefined;
    if (derived !== undefined && choices.includes(derived)) return derived;
    const words = this.#sentences.join(" ").toLowerCase();
    const mentioned = choices.find((choice) => typeof choice === "string" && choice !== "" && new RegExp(`\\b${choice.toLowerCase().replace(/[^a-z0-9_ ]/g, "\\$&")}\\b`).test(words));
    // Whoever finds none of them says so, where there is a choice for it.
    const otherwise = choices.find((choice) => typeof choice === "string" && CATCH_ALL.test(choice));
    return mentioned ?? otherwise ?? pickFrom(`${this.#matter.prompt}${path}`, choices.filter((choice) => choice !== null)) ?? null;
  }

  #list(schema: Schema, name: string, path: string): unknown {
    const { items, minItems, maxItems } = schema;
    const heard = this.#matter.speech;
    if (heard !== null && items !== undefined && isSegment(items)) {
      return heard.segments.slice(0, maxItems).map((segment) => this.#segment(items, segment));
    }
    const told = toldByPages(this.#matter.prompt, name, schema) ?? toldByLines(this.#matter.prompt, schema) ?? judgedPosts(this.#matter.prompt, this.#matter.instructions ?? "", schema);
    if (told !== undefined) return told;
    const derived = /key_?points|highlights|facts/i.test(name) ? this.#analysis.keyPoints : /next_?steps|actions|todo/i.test(name) ? this.#analysis.nextSteps : undefined;
    if (derived !== undefined && items?.type === "string" && derived.length >= minItems) {
      return derived.slice(0, maxItems).map((text, i) => fit(text, items, `${path}[${i}]`));
    }
    const length = Math.min(maxItems, Math.max(minItems, 3));
    return items === undefined ? [] : Array.from({ length }, (_, i) => this.fill(items, `${path}[${i}]`));
  }

  #segment(items: Schema, segment: HeardSegment): Record<string, unknown> {
    return Object.fromEntries(
      items.properties.map(([key, schema]) => {
        if (schema.type === "string" && schema.choices === undefined && TEXT_FIELD.test(key)) return [key, segment.text];
        if (TIME_FIELD.test(key)) return [key, timeAs(schema, key, /^(end|to)/.test(key) ? segment.endS : segment.startS)];
        if (/duration/i.test(key)) return [key, timeAs(schema, key, segment.endS - segment.startS)];
        if (/channel/i.test(key) && schema.type !== "string") return [key, segment.part + (schema.minimum ?? 0)];
        if (/confidence/i.test(key)) return [key, segment.text.startsWith("[unintelligible") ? 0 : schema.maximum ?? 1];
        const label = schema.choices?.find((choice) => typeof choice === "string" && segment.label.toLowerCase().includes(choice.toLowerCase()));
        return [key, label ?? this.fill(schema, `$.segment.${key}`)];
      }),
    );
  }

  #number(schema: Schema, name: string, path: string): number {
    const { minimum, maximum } = schema;
    const heard = this.#matter.speech;
    if (heard !== null && /duration|length|seconds/i.test(name)) return timeNumber(schema, name, heard.seconds);
    const low = minimum ?? (maximum === undefined ? 0 : Math.min(0, maximum));
    const high = maximum ?? low + 100;
    const share = /score|rating|likelihood|probability|confidence/i.test(name) ? this.#promise() : pickIndex(`${this.#matter.prompt}${path}`, 101) / 100;
    const value = low + (high - low) * share;
    return schema.type === "integer" || (high - low >= 10 && Number.isInteger(low)) ? Math.min(Math.floor(high), Math.max(Math.ceil(low), Math.round(value))) : Number(value.toFixed(3));
  }

  /** How promising the matter sounds, 0 to 1. */
  #promise(): number {
    const { sentiment, urgency } = this.#analysis;
    return { low: 0.4, medium: 0.6, high: 0.85 }[urgency] + { negative: -0.15, neutral: 0, positive: 0.1 }[sentiment];
  }

  #text(name: string, path: string): string {
    const { speech } = this.#matter;
    if (speech !== null && (path === "$" || TEXT_FIELD.test(name) || /transcription/i.test(name))) return speech.segments.map((segment) => segment.text).join(" ");
    if (/^language(_?code)?$/i.test(name)) return "en";
    if (/summary|overview/i.test(name)) return this.#analysis.summary;
    if (/intent|need|problem/i.test(name)) return this.#analysis.customerIntent;
    const start = pickIndex(`${this.#matter.prompt}${path}`, Math.max(1, this.#sentences.length));
    const sentence = (i: number): string => this.#sentences[(start + i) % Math.max(1, this.#sentences.length)] ?? "Nothing was said.";
    return LONG_TEXT.test(name) ? paragraphs(Array.from({ length: LONG_SENTENCES }, (_, i) => sentence(i)), /html/i.test(name)) : sentence(0);
  }
}

function paragraphs(sentences: readonly string[], html: boolean): string {
  const list = Array.from({ length: Math.ceil(sentences.length / 4) }, (_, i) => sentences.slice(4 * i, 4 * i + 4).join(" "));
  return html ? list.map((paragraph) => `<p>${paragraph.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join("\n") : list.join("\n\n");
}

function isSegment(items: Schema): boolean {
  const names = items.properties.map(([name]) => name);
  return items.type === "object" && names.some((name) => TEXT_FIELD.test(name)) && names.some((name) => TIME_FIELD.test(name));
}

function timeNumber(schema: Schema, name: string, seconds: number): number {
  const milliseconds = /(ms|millis\w*|Ms)$/.test(name) || /millisecond|\bms\b/i.test(schema.description);
  if (milliseconds) return Math.round(seconds * 1000);
  return schema.type === "integer" ? Math.round(seconds) : Number(seconds.toFixed(3));
}

/** A number of seconds or milliseconds, or `MM:SS` where text is wanted. */
function timeAs(schema: Schema, name: string, seconds: number): number | string {
  if (schema.type !== "string") return timeNumber(schema, name, seconds);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

/** The text, or what the schema's format and limits make of it. */
function fit(text: string, schema: Schema, seed: string): string {
  const number = pickIndex(seed, 1_000_000);
  const byFormat: Readonly<Record<string, string>> = {
    "date-time": "2026-11-22T09:00:00.000Z",
    date: "2026-11-22",
    time: "09:00:00Z",
    email: `person${number}@example.com`,
    uri: `https://example.com/${number}`,
    url: `https://example.com/${number}`,
    uuid: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
  };
  const slug = text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  const candidates = [byFormat[schema.format] ?? text, slug, slug.replaceAll("-", "_"), ...Object.values(byFormat), `+64215${String(number).padStart(6, "0")}`, "09:00", String(number), "NZ", "en", "a"];
  const { pattern } = schema;
  let chosen = (pattern === undefined ? undefined : candidates.find((candidate) => pattern.test(candidate))) ?? candidates[0] ?? "";
  while (chosen.length < schema.minLength) chosen = chosen === "" ? "a" : `${chosen} ${chosen}`;
  return chosen.length <= schema.maxLength ? chosen : chosen.slice(0, schema.maxLength).trimEnd().padEnd(schema.minLength, ".");
}
