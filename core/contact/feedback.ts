/** What a call came to, in the owner's words: the lead's status after it (API.md, "Lead metadata after a call"). */
export type FeedbackOutcome = "won" | "quoted" | "lost" | "no_answer";

/** `outcome` null: an amount alone, which belongs to an earlier "1". */
export type FeedbackAnswer = { outcome: FeedbackOutcome; amount: number | null } | { outcome: null; amount: number };

const OUTCOMES: [pattern: RegExp, outcome: FeedbackOutcome][] = [
  [/^(?:1(?![\d.,]*\d)|booked|won|sold)(?![\p{L}\d])/u, "won"],
  [/^(?:2(?![\d.,]*\d)|quoted|quote)(?![\p{L}\d])/u, "quoted"],
  [/^(?:3(?![\d.,]*\d)|not for us|lost|no good)(?![\p{L}\d])/u, "lost"],
  [/^(?:4(?![\d.,]*\d)|no[ -]?answer|n\/a|not reached)(?![\p{L}\d])/u, "no_answer"],
];

const NUMBER = /^(?:[a-z]{0,3}[$€£¥]\s*|(?:nzd|aud|usd|cad|eur|gbp)\s*)?(\d[\d.,'\s]*)(k(?![\p{L}]))?/u;
/** A number with one of these behind it is an hour, a day or a count: "1 10am", "1 2nd of May", "1 30 min". */
const NOT_MONEY = /^(?:[:/-]\d|\s*(?:%|am\b|pm\b|a\.m|p\.m|o'?clock|st\b|nd\b|rd\b|th\b|min|secs?\b|seconds?\b|h\b|hrs?\b|hour|day|week|month|year|jobs?\b|rooms?\b|people|ppl|x\b))/u;
/** What may stand beside an amount that is all that somebody wrote. */
const JUST_MONEY = /^[^\p{L}]*(?:(?:k|nz|au|us|ca|nzd|aud|usd|cad|eur|gbp|incl?|including|excl?|plus|gst|vat|tax|total|dollars?|pounds?|euros?|thanks?|ta|cheers)(?!\p{L})[^\p{L}]*)*$/u;
const MAX_AMOUNT = 100_000_000;

/**
 * Reads "1 450", "1 $1,450.50", "booked 450", "2", "450". Null for what is no answer: nothing is guessed from other words, since
 * these figures are what conversion is counted by.
 */
export const readFeedback = (text: string): FeedbackAnswer | null => {
  const said = text.normalize("NFKC").toLowerCase().trim().replace(/^[#("'\s]+/, "");
  for (const [pattern, outcome] of OUTCOMES) {
    const found = pattern.exec(said)?.[0];
    // "2 hours away" begins with a number and answers nothing.
    if (found === undefined || (/^\d/.test(found) && NOT_MONEY.test(said.slice(found.length)))) continue;
    const rest = said.slice(found.length).replace(/^[\s).,:;=!"'-]*(?:(?:booked|won|sold|for|at)[\s:,]+)*/, "");
    // "1 2" or "1, 3" names two answers, or a very small job.
    if (/^[1-4]\W*$/.test(rest)) return outcome === "won" ? { outcome, amount: Number(rest[0]) } : null;
    return { outcome, amount: outcome === "won" ? readAmount(rest) : null };
  }
  const alone = JUST_MONEY.test(said) ? readAmount(said) : null;
  return alone === null ? null : { outcome: null, amount: alone };
};

/** The amount that a text begins with; null when that number is no money, or others follow it. */
const readAmount = (text: string): number | null => {
  const [matched, digits = "", thousands] = NUMBER.exec(text) ?? [];
  if (matched === undefined) return null;
  const tail = text.slice(matched.length);
  if (NOT_MONEY.test(tail) || /\d/.test(tail)) return null;
  const value = decimal(digits.trim().replace(/[.,']+$/, ""));
  if (value === null) return null;
  const amount = Math.round(value * (thousands === undefined ? 1 : 1000) * 100) / 100;
  return amount > 0 && amount <= MAX_AMOUNT ? amount : null;
};

/** "1,450.50", "1.450,50", "1 450", "1450": a last separator with one or two digits behind it is the decimal one. */
const decimal = (written: string): number | null => {
  const [, whole = "", cents] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(written) ?? [];
  const groups = whole.split(/[.,'\s]+/);
  const [first = "", ...others] = groups;
  if (!/^\d+$/.test(first) || others.some((group) => group.length !== 3) || (others.length > 0 && first.length > 3)) return null;
  return Number(`${groups.join("")}.${cents ?? "0"}`);
};

interface Asked {
  call_id: string | null;
  lead_id: string | null;
}

export interface FeedbackMatch {
  call_id: string | null;
  lead_id: string;
  answer: FeedbackAnswer;
}

/**
 * Which question an owner's words answer: the newest that has no answer yet; an amount alone belongs to the newest "1" without
 * one. Null when they answer none.
 * @param asked newest first
 * @param answered what came back so far, newest first
 */
export const matchFeedback = (text: string, asked: readonly Asked[], answered: readonly { call_id: string | null; body: string }[]): FeedbackMatch | null => {
  const answer = readFeedback(text);
  if (answer === null) return null;
  const answersTo = (call: string | null) => answered.filter(({ call_id }) => call_id === call).map(({ body }) => readFeedback(body));
  const question = asked.find(({ call_id, lead_id }) => {
    if (lead_id === null) return false;
    const known = answersTo(call_id);
    if (answer.outcome !== null) return known.length === 0;
    return known.some((one) => one?.outcome === "won") && !known.some((one) => one !== null && one.amount !== null);
  });
  return question?.lead_id == null ? null : { call_id: question.call_id, lead_id: question.lead_id, answer };
};
