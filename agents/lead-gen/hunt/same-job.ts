/** Of a post or a lead: what tells whether two are about one job. */
export interface JobWords {
  message: string;
  /** E.164. */
  phone: string | null;
  place: string | null;
}

/** Fewer words of its own than this, and a text ("plumber needed") is nobody's in particular. */
const LEAST_WORDS = 5;
/** Shares of words in common, and cosine of the two texts' vectors; what they come to, `npm run bench:scoring` says. */
const NEARLY_ALL = 0.72;
/** The more is said, the less of it two people say alike by chance. */
const MOST_OF_MUCH = { share: 0.6, words: 10 };
const TEASER = { share: 0.9, words: 8 };
const MEANS_THE_SAME = { likeness: 0.92, share: 0.3 };

const COMMON = new Set(
  `a an and any anyone are as at be but by can could do does for from get got has have hello help hi i i'm if in into is it its just
   like looking me my need needed needs of on one or our out please so some someone thanks thank that the their them there they this to
   up us want wanted was we what when who will with would you your`.split(/\s+/),
);

const fold = (text: string): string => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The words that say what is wanted. */
const contentWords = (text: string): Set<string> => new Set((fold(text).match(/[\p{L}\p{N}']+/gu) ?? []).filter((word) => !COMMON.has(word)));

/** How many, which flat, what size: numbers that are neither money, nor a time, nor somebody's phone. */
const numbersIn = (text: string): Set<string> =>
  new Set([...fold(text).matchAll(/(?<![$€£\d.,:+/-])\b(\d{1,4})\b(?![\d:/%]|\s?(?:am|pm|dollars|bucks|nzd|aud|usd)\b|[.,]\d)/g)].map(([, number]) => number ?? ""));

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => [...a].filter((one) => b.has(one)).length;

/** Two places of which neither lies in the other, as far as their own words tell. Only the narrowest part of an address counts. */
const areApart = (a: string | null, b: string | null): boolean => {
  if (a === null || b === null) return false;
  const [x, y] = [fold(a).trim(), fold(b).trim()];
  const narrowest = (place: string): string => (place.split(/[,;(|–-]/)[0] ?? "").trim();
  return narrowest(x) !== "" && narrowest(y) !== "" && !x.includes(narrowest(y)) && !y.includes(narrowest(x));
};

/**
 * Whether two texts are about one job. A wrong yes hides a customer, a wrong no rings the owner twice: where something speaks
 * against it (another phone, place or number), and where too little is said, the answer is no.
 * @param likeness cosine of the two texts' vectors; null where they are not known
 */
export const isSameJob = (a: JobWords, b: JobWords, likeness: number | null): boolean => {
  if (a.phone !== null && b.phone !== null && a.phone !== b.phone) return false;
  if (areApart(a.place, b.place)) return false;
  const [wordsA, wordsB] = [contentWords(a.message), contentWords(b.message)];
  const least = Math.min(wordsA.size, wordsB.size);
  if (least < LEAST_WORDS) return false;
  const [numbersA, numbersB] = [numbersIn(a.message), numbersIn(b.message)];
  if (numbersA.size > 0 && numbersB.size > 0 && shared(numbersA, numbersB) === 0) return false;
  const common = shared(wordsA, wordsB);
  const share = common / (wordsA.size + wordsB.size - common);
  if (share >= NEARLY_ALL || (least >= MOST_OF_MUCH.words && share >= MOST_OF_MUCH.share)) return true;
  if (least >= TEASER.words && common / least >= TEASER.share) return true;
  return likeness !== null && likeness >= MEANS_THE_SAME.likeness && share >= MEANS_THE_SAME.share;
};
