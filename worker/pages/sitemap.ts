/*
 * sitemaps.org: at most 50,000 addresses and 50 MB a file. A path has 300 characters at most; percent-encoded and escaped it stays below
 * 4 kB, so that 10,000 are never more than 50 MB.
 */
export const URLS_A_FILE = 10_000;

const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
const HEAD = `<?xml version="1.0" encoding="UTF-8"?>\n`;
const NAMESPACE = `xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`;
/** W3C date and time. */
const when = (ms: number): string => new Date(ms).toISOString();

export const sitemap = (origin: string, pages: readonly { path: string; modified_at: number }[]): string =>
  `${HEAD}<urlset ${NAMESPACE}>\n${pages.map(({ path, modified_at }) => `<url><loc>${escapeXml(new URL(path, origin).href)}</loc><lastmod>${when(modified_at)}</lastmod></url>\n`).join("")}</urlset>\n`;

/** For more pages than go into one file: `/sitemap-1.xml`, `/sitemap-2.xml`, … */
export const sitemapIndex = (origin: string, files: number): string =>
  `${HEAD}<sitemapindex ${NAMESPACE}>\n${Array.from({ length: files }, (_, at) => `<sitemap><loc>${escapeXml(`${origin}/sitemap-${at + 1}.xml`)}</loc></sitemap>\n`).join("")}</sitemapindex>\n`;

export const robotsTxt = (origin: string): string => `User-agent: *\nDisallow: /-/lead\nDisallow: /-/thanks\n\nSitemap: ${origin}/sitemap.xml\n`;

/** Which file a path names, from 1; 0: the index, or the only file; null: no sitemap. */
export const readSitemapPath = (path: string): number | null => {
  const found = /^\/sitemap(?:-(?<part>[1-9]\d{0,3}))?\.xml$/.exec(path);
  return found === null ? null : Number(found.groups?.part ?? 0);
};
