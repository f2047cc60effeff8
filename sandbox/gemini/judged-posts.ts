import { isObject, textIn } from "../kit/json.ts";
import type { Schema } from "./schema.ts";

/*
 * What can be told by simple rules of posts in which people look for a trade, for whoever has them judged: a list whose items name a `post`
 * and have an `urgency`, a `budget` and a `fit`, each a score with its evidence. Every sentence quotes the post, or says that it says nothing.
 * It looks for words, and understands none of them.
 */

interface Judged {
  readonly score: number;
  readonly evidence: string;
}

const PRESSING = /burst\w*|flood\w*|overflow\w*|backing up|water (?:is )?everywhere|emergenc\w+|right now|gas (?:smell|leak)|smell of gas|tonight|plumber now|locked out|coming (?:down|up)/i;
const SOON = /asap|urgent\w*|today|tomorrow|as soon as possible|this week|next couple of days|within a few days|getting worse/i;
const UNHURRIED = /no (?:rush|hurry)|not rushed|some ?(?:time|stage)|next year|later this year|in a year|when convenient|just (?:researching|getting prices)|thinking (?:of|about)|considering|wondering/i;
const MONEY = /any price|budget(?: is| about| approved)?|insurance|will pay|happy to pay|can pay|price on plans|property manager|invoice|account holder|\d+k\b|[$€£]?\b[1-9]\d{3,}\b/i;
const MEAN = /for free|free plumber|volunteer|mates rates|cash(?:ie)?\b|cheap(?:est)?|rip off|box of beer|lend me|\$\d{2}\b/i;
const OFFER = /we offer|call us|our team|available for work|our website|apprenticeship|selling|hiring|send us your|i provide|seo|bitcoin|from home/i;
const ASKS = /how much|what (?:size|do|would)|is it normal|anyone used|any good|which .{0,20} is best|is that fair|doing it myself|diy/i;

const judged = (text: string, rules: readonly (readonly [RegExp, number])[], otherwise: number): Judged => {
  for (const [rule, score] of rules) {
    const found = rule.exec(text)?.[0];
    if (found !== undefined) return { score, evidence: `It says "${found}".` };
  }
  return { score: otherwise, evidence: "Nothing is said of it." };
};

const stemsIn = (text: string): string[] => (text.toLowerCase().match(/[\p{L}]{4,}/gu) ?? []).map((word) => word.replace(/(?:ing|ed|s)$/, "").slice(0, 6));

/** What the instructions say of the business: the words of its services, and its places. */
function businessIn(instructions: string): { words: ReadonlySet<string>; area: readonly string[] } {
  const json = /\{.*\}/.exec(instructions)?.[0] ?? "{}";
  let business: unknown;
  try {
    business = JSON.parse(json);
  } catch {
    business = {};
  }
  const list = (name: string): unknown[] => (isObject(business) && Array.isArray(business[name]) ? business[name] : []);
  const words = list("services").flatMap((service) => stemsIn(JSON.stringify(service)));
  const nobodys = new Set(["name", "keywo", "keywor", "price_", "price", "emerge", "servic", "near", "repair", "replac", "instal", "hour", "after", "from"]);
  return { words: new Set(words.filter((word) => !nobodys.has(word))), area: list("area").filter((place) => typeof place === "string") };
}

function fitOf(text: string, place: string, instructions: string): Judged {
  const { words, area } = businessIn(instructions);
  if (OFFER.test(text)) return judged(text, [[OFFER, 5]], 5);
  const elsewhere = place !== "" && area.length > 0 && !area.some((name) => `${place} ${text}`.toLowerCase().includes(name.toLowerCase()));
  const found = (text.match(/\p{L}{4,}/gu) ?? []).filter((word) => stemsIn(word).some((stem) => words.has(stem)));
  const [first] = found;
  if (first === undefined) return { score: 10, evidence: "Nothing is said of it." };
  const score = elsewhere ? 30 : ASKS.test(text) ? 45 : new Set(found.map((word) => word.toLowerCase())).size > 1 ? 95 : 75;
  return { score, evidence: `It says "${first}".` };
}

/** The judgements of all posts in a prompt; undefined where none are asked for. */
export function judgedPosts(prompt: string, instructions: string, schema: Schema): unknown[] | undefined {
  const names = schema.items?.properties.map(([name]) => name) ?? [];
  if (!["post", "urgency", "budget", "fit"].every((name) => names.includes(name))) return undefined;
  return [...prompt.matchAll(/<([\w-]+) post="([^"]+)">\n([\s\S]*?)\n<\/\1>/g)].map(([, , post = "", fenced = ""]) => {
    let said: unknown;
    try {
      said = JSON.parse(fenced);
    } catch {
      said = {};
    }
    const field = (name: string): string => (isObject(said) ? (textIn(said, name) ?? "") : "");
    const text = `${field("title")}\n${field("words")}`;
    return {
      post,
      urgency: judged(text, [[ASKS, 20], [UNHURRIED, 25], [PRESSING, 100], [SOON, 80]], 50),
      budget: judged(text, [[MEAN, 10], [MONEY, 90], [PRESSING, 75]], 50),
      fit: fitOf(text, field("place"), instructions),
    };
  });
}
