/** Which pages of a small business's site say what the business is, in the words that links to them bear. */
const WORTH: readonly (readonly [RegExp, number])[] = [
  [/contact|kontakt|contacto|contacte|contatt|find-us|impressum/, 60],
  [/servic|treatment|what-we-do|practice-area|leistung|serveis|prestation|tarif/, 55],
  [/pric|rates|fees|cost|preis|precio|preus|prix|menu|rate-card/, 50],
  [/area|suburb|location|where|zona|zones|barri|region|einsatz/, 45],
  [/about|team|who-we-are|nosotros|nosaltres|ueber|uber-uns|qui-sommes|empresa/, 40],
  [/faq|questions|preguntas|why-us|why-choose|advice|tips/, 30],
  [/review|testimonial|opinion|kundenstimmen|avis/, 25],
  [/emergency|24-7|urgent|urgenci|notdienst/, 25],
];
const WORTHLESS = /blog|news|\/\d{4}\/|tag\/|category|author|login|log-in|cart|checkout|privacy|terms|cookie|wp-admin|wp-json|feed|search|calendar|gallery|career|jobs|print/;
/** No page, whatever it is named. */
const FILES = /\.(?:pdf|jpe?g|png|gif|webp|svg|ico|mp4|mp3|zip|docx?|xlsx?|css|js|json|xml|txt)$/i;

/** The same page under two addresses is one page. */
export const canonical = (address: string): string => {
  const url = new URL(address);
  url.hash = "";
  for (const name of [...url.searchParams.keys()]) if (/^(utm_|fbclid|gclid|ref$)/.test(name)) url.searchParams.delete(name);
  url.pathname = url.pathname.replace(/\/index\.(?:html?|php)$/i, "/");
  return url.href;
};

export const isPageAddress = (address: string): boolean => !FILES.test(new URL(address).pathname);

/**
 * How much a page promises, from its address and the words of the link to it; higher is better. Below the start's own folder first: several
 * businesses may share an origin.
 */
export const rankOf = (address: string, words: string, start: string): number => {
  const { pathname } = new URL(address);
  const said = `${pathname.toLowerCase()} ${words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/\s+/g, "-")}`;
  const worth = Math.max(0, ...WORTH.map(([pattern, points]) => (pattern.test(said) ? points : 0)));
  const folder = new URL(start).pathname.replace(/[^/]*$/, "");
  const depth = pathname.split("/").length;
  return worth - (WORTHLESS.test(said) ? 80 : 0) - depth * 2 - (pathname.startsWith(folder) ? 0 : 60) - (address.includes("?") ? 15 : 0);
};
