import type { Schema } from "./schema.ts";

/*
 * What can be told by simple rules of numbered lines (`12| text`) in which people post that they need something, for whoever asks for a list
 * whose items have `first_line` and `last_line`. Nothing is made up: every value is words of its lines. It knows a little English, and is
 * no model: a wish in words that it does not know, it does not see.
 */

interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

interface Post {
  readonly title: string;
  readonly first_line: number;
  readonly last_line: number;
  readonly location: string | null;
  readonly phone: string | null;
  readonly posted: string | null;
  readonly urgency: "low" | "medium" | "high" | null;
}

const WISH = /\b(?:need(?:ed|s|ing)?|looking for|wanted|after a|anyone (?:know|recommend)|recommend(?:ation)?s?|can (?:some|any)(?:one|body)|help|quote|who can|iso|in search of|hoping|want(?:s)?)\b|\b(?:leak(?:s|ing|y)?|drip(?:s|ping)?|burst|block(?:ed|age)|broken|no (?:hot )?(?:water|power)|tripp(?:ed|ing)|locked out|smells?|overflow(?:s|ing)?|flood(?:ed|ing)?|stuck|fix|repair|install|replace|fitted|urgent|asap)\b/i;
const OFFER = /\b(?:years? (?:of )?experience|we (?:do|offer|fix|cover)|available for|my services|free quotes?|apprentice|hiring|vacancy|sponsored|advert(?:isement)?|promoted|for free|free to|for sale|call us|our team|licensed and insured)\b|\b(?:0800|0900)\b|^ad\b/i;
/** The page's own words. */
const FURNITURE = /^(?:home|log ?in|sign ?(?:in|up)|register|search|menu|next|previous|older|newer|page \d+|contact us|about|terms|privacy|help|faq|post an? (?:ad|job)|all rights reserved|share|report|like|comment|reply|\d+ (?:comments?|likes?|replies))\b.{0,40}$|©|cookie|^\W*$/i;
const POSTED = /\b(?:\d+ ?(?:min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|d|h) ago|an hour ago|just now|yesterday(?: at [\d:. ]+(?:am|pm)?)?|today(?:,? [\d:.]+ ?(?:am|pm)?)?|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*(?: \d{4})?|\d{1,2}\/\d{1,2}\/\d{2,4})/i;
const PHONE = /(?:\+?64|0)[ \d().*_-]{7,16}\d/;
const PLACE = /(?:\bin |\bat |(?:where|location|suburb|area|place|📍)\s*[:|]?\s*)((?:Mt |St |Mount )?\p{Lu}[\p{L}']+(?: \p{Lu}[\p{L}']+)?)/u;
const PLACE_AND_TIME = /^((?:Mt |St )?\p{Lu}[\p{L}' ]{2,25}?)\s*[,·|–-]\s*(?=.*(?:ago|today|yesterday|now|\d{1,2}[ /]))/u;
const DAY_OR_TRADE = /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|^(?:Christmas|Easter|Monday|Plumber|Electrician|The|A|My|Our)\b/i;

const linesIn = (prompt: string): NumberedLine[] => [...prompt.matchAll(/^(\d+)\| (.*)$/gm)].map((match) => ({ number: Number(match[1]), text: match[2] ?? "" }));

const isHeading = ({ text }: NumberedLine): boolean => text.length <= 90 && WISH.test(text) && !OFFER.test(text) && !/[.!?] +\p{Lu}/u.test(text) && !POSTED.test(text);
const isEdge = ({ text }: NumberedLine): boolean => FURNITURE.test(text) || OFFER.test(text);

const urgencyOf = (text: string): Post["urgency"] =>
  /\bno (?:rush|hurry)|flexible|whenever\b/i.test(text) ? "low" : /\burgent|asap|burst|emergency|today|now\b|everywhere|locked out/i.test(text) ? "high" : /this week|soon|tomorrow|leak|blocked/i.test(text) ? "medium" : null;

function postOf(lines: readonly NumberedLine[]): Post | null {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return null;
  const text = lines.map((line) => line.text).join("\n");
  if (!WISH.test(text)) return null;
  const place = lines.flatMap((line) => PLACE_AND_TIME.exec(line.text)?.[1] ?? PLACE.exec(line.text)?.[1] ?? []).find((name) => !DAY_OR_TRADE.test(name));
  const sentence = first.text.length <= 120 ? first.text : (first.text.split(/(?<=[.!?]) /)[0] ?? first.text).slice(0, 120);
  return {
    title: sentence.replace(/^[-•*#\s]+/, ""),
    first_line: first.number,
    last_line: last.number,
    location: place?.trim() ?? null,
    phone: PHONE.exec(text)?.[0] ?? null,
    posted: POSTED.exec(text)?.[0] ?? null,
    urgency: urgencyOf(text),
  };
}

/** A post begins at a heading, or after the page's own words, an advert, or a line that says when; and ends before the next. */
function postsIn(lines: readonly NumberedLine[]): Post[] {
  const groups: NumberedLine[][] = [];
  let open: NumberedLine[] = [];
  let skipping = false;
  const close = (): void => {
    if (open.length > 0) groups.push(open);
    open = [];
  };
  for (const line of lines) {
    if (isEdge(line)) {
      close();
      // An advert goes on until something else begins.
      skipping = OFFER.test(line.text);
    } else if (isHeading(line) && open.length !== 0 && (open.length > 1 || !isHeading(open[0] ?? line))) {
      close();
      skipping = false;
      open.push(line);
    } else if (!skipping || isHeading(line)) {
      skipping = false;
      open.push(line);
    }
  }
  close();
  return groups.flatMap((group) => postOf(group) ?? []);
}

/** The list that is asked for; undefined when it is not about posts in numbered lines. */
export function toldByLines(prompt: string, schema: Schema): Record<string, unknown>[] | undefined {
  const { items } = schema;
  const names = new Set(items?.properties.map(([name]) => name));
  if (items === undefined || !names.has("first_line") || !names.has("last_line")) return undefined;
  return postsIn(linesIn(prompt)).slice(0, schema.maxItems).map((post) => Object.fromEntries(items.properties.map(([name]) => [name, (post as unknown as Record<string, unknown>)[name] ?? null])));
}
