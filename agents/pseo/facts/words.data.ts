/*
 * Words that say something that may be untrue without a number or a name in them, and words that begin a sentence. English, and what
 * advertising in other languages borrows from it.
 */

/** Numbers in words. "One" is too often no number. */
export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ...["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"].map((word, index): [string, number] => [word, index + 2]),
  ...["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"].map((word, index): [string, number] => [word, 10 * (index + 2)]),
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1000],
  ["million", 1_000_000],
]);

/**
 * Claims, by the words that carry them, as patterns matched from the beginning of a word: what a business must not say of itself unless
 * one of its own sources does.
 */
export const CLAIMS: readonly string[] = [
  // Permission and protection.
  "licen[cs]", "certifi", "accredit", "registered", "qualified", "insured", "insurance", "bonded", "vetted", "approved", "authori[sz]ed", "complian",
  // Promises.
  "guarante", "warrant", "refund", "money[- ]back", "no[- ]obligation", "obligation[- ]free", "lifetime", "permanent", "risk[- ]free", "promise",
  // Praise.
  "award", "cheapest", "the best", "leading(?! to)", "trusted", "top[- ]rated", "rated", "reviews?(?![a-z])", "testimonial", "renowned", "number[- ]one", "unbeatable", "lowest", "fastest", "finest", "premier(?![a-z])", "stars?(?![a-z])",
  // Standing.
  "experienced", "expert", "specialist", "family[- ](?:owned|run)", "locally[- ]owned", "established", "founded", "decades?(?![a-z])", "generations?(?![a-z])",
  // Time and price.
  "same[- ]day", "next[- ]day", "(?:a)?round the clock", "24[/-]7", "24[- ]hours?", "any hour", "overnight", "instantly", "within the hour", "(?<!feel )free(?![a-z])", "free of charge", "discount", "no call[- ]out", "fixed[- ]price", "fixed[- ]fee", "flat[- ]rate", "upfront", "half[- ]price", "cash[- ]?back",
];

/** Words that English sentences begin with and that are nobody's name. */
export const OPENERS: ReadonlySet<string> = new Set(
  `a about above across after again all almost already also although always among an and another any anybody anyone anything are around as ask at avoid back be because been before
  behind being below between both bring but by call can check clear close come could customers did do does doing done don't down drain during each either else empty even every everybody everyone
  everything few find fill first follow for from further get give go good had has have having he help her here hers high him his hold hot how however i if in inside instead into is it
  it's its just keep know last later leave less let like listen little local long look lower make many may maybe mention more most move much must my near nearby nearly need never new next no
  nobody none nor not nothing now of off often old on once one only open or other others our out outside over own people photos place please prepare put rather read ring run same save say see
  send several shall she should show since small so some somebody someone something sometimes soon start stay still stop such switch take tell than thanks that that's the their them then there there's
  these they this those though through throughout to together too towards try turn under unless until up upon use usually very wait was water we we'll we're well were what what's whatever when
  whenever where wherever whether which while who whoever whole whose why will with within without would write yes yet you you'll you're your yours
  think allow apply arrange build buy carry catch change clean collect compare contact cover cut dig dry enter fit fix flush gather grab hire ignore imagine install invite lay lift light load lock
  loosen measure move notice order pay pick plug press prevent protect pull push reach remove repair replace report rinse scrape seal search shut soak speak spread store sweep talk test tighten
  touch trace treat unplug unscrew visit warm wash wipe wrap roots pipes drains toilets taps leaks locks doors keys roofs walls rooms houses homes owners tenants landlords neighbours families prices
  costs hours days weeks months years repairs visits parts tools signs damage noise heat power gas electricity rain wind winter summer spring autumn morning evening tonight today tomorrow advice
  mail text feel describe explain note remember expect choose decide consider plan set work works working questions answers common places jobs`.split(/\s+/),
);

/** Capital letters that are no name. */
export const PLAIN_ACRONYMS: ReadonlySet<string> = new Set(["DIY", "FAQ", "OK", "SMS", "TV", "PVC", "LED", "ID", "PDF", "USB", "A", "I", "I'm", "I'll", "I've", "I'd"]);
