import type { OutgoingPage, OutgoingImage } from "../../../agents/pseo/publisher/target.ts";

let pages = 0;

/** A page as the publish agent hands it to a target, with an address of its own. */
export const outgoing = (over: Partial<OutgoingPage> = {}): OutgoingPage => {
  const slug = `blocked-drains-${(++pages).toString(36)}-${Date.now().toString(36)}`;
  return {
    page_id: `ent_${crypto.randomUUID().replaceAll("-", "")}`,
    title: "Blocked drains in Ponsonby | Rata Plumbing",
    h1: "Blocked drains in Ponsonby & Herne Bay — “today”",
    meta_description: "A plumber for blocked drains in Ponsonby.",
    slug,
    path: `/${slug}`,
    body_html: `<h2>What blocks drains here</h2><p>The villas on Franklin Road have clay pipes; roots find their joints.</p><p><a href="tel:+6495550100">Ring us</a></p><details><summary>How long does it take?</summary><p>An hour &amp; a half.</p></details>`,
    json_ld: [{ "@context": "https://schema.org", "@type": "Plumber", name: "Rata </script><b>Plumbing</b>", areaServed: "Ponsonby" }],
    canonical: null,
    phone: null,
    ...over,
  };
};

/** The smallest picture there is. */
const PNG = Uint8Array.from(atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), (character) => character.charCodeAt(0));

export const picture = (over: Partial<OutgoingImage> = {}): OutgoingImage => ({
  image_id: `ent_${crypto.randomUUID().replaceAll("-", "")}`,
  sha256: crypto.randomUUID().replaceAll("-", "").repeat(2),
  copies: [],
  width: 1,
  height: 1,
  alt: "Map of Ponsonby",
  content_type: "image/png",
  name: "map-ponsonby",
  read: async () => Promise.resolve(PNG),
  ...over,
});
