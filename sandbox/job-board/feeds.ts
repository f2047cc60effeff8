import { escaped } from "./markup.ts";
import type { Post } from "./posts.ts";

const cdata = (text: string): string => `<![CDATA[${text.replaceAll("]]>", "")}]]>`;
const bodyOf = (post: Post): string => `<p>${escaped(post.text)}</p>${post.phone === null ? "" : `<p>Phone: ${escaped(post.phone)}</p>`}`;

/** RSS 2.0 */
export const rss = (posts: readonly Post[], origin: string): string => `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Neighbours' Board</title><link>${origin}/board/jobs</link><description>Jobs</description>
${posts.map((post) => `<item><title>${escaped(post.title)}</title><link>${origin}/board/post/${post.id}</link><guid isPermaLink="true">${origin}/board/post/${post.id}</guid><category>${escaped(post.place)}</category><pubDate>${new Date(post.postedAt).toUTCString()}</pubDate><description>${cdata(bodyOf(post))}</description></item>`).join("\n")}
</channel></rss>`;

/** Atom 1.0, RFC 4287 */
export const atom = (posts: readonly Post[], origin: string): string => `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Neighbours' Board</title><id>${origin}/board/feed.atom</id>
${posts.map((post) => `<entry><title type="html">${escaped(escaped(post.title))}</title><link rel="alternate" href="/board/post/${post.id}"/><id>urn:board:${post.id}</id><published>${new Date(post.postedAt).toISOString()}</published><content type="html">${escaped(bodyOf(post))}</content></entry>`).join("\n")}
</feed>`;

/** JSON Feed 1.1 (jsonfeed.org/version/1.1) */
export const jsonFeed = (posts: readonly Post[], origin: string, nextUrl: string | null): Record<string, unknown> => ({
  version: "https://jsonfeed.org/version/1.1",
  title: "Neighbours' Board",
  home_page_url: `${origin}/board/jobs`,
  ...(nextUrl === null ? {} : { next_url: nextUrl }),
  items: posts.map((post) => ({ id: post.id, url: `${origin}/board/post/${post.id}`, title: post.title, content_html: bodyOf(post), date_published: new Date(post.postedAt).toISOString(), tags: [post.place] })),
});

/** What the board's own app reads: nobody's standard. */
export const appData = (posts: readonly Post[], more: boolean): Record<string, unknown> => ({
  data: { posts: posts.map((post) => ({ ref: post.id, headline: post.title, body: post.text, suburb: { name: post.place }, contact: { phone: post.phone }, created: Math.floor(post.postedAt / 1000) })), more },
});
