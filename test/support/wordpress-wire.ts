/**
 * A WordPress on the wire, by the rules that a real one was seen to keep (test/wordpress proves the same against one): slugs that are
 * taken get a number, the trash renames them, filters take tags and leave their text, unknown meta is ignored without a word.
 */

export interface WirePost {
  id: number;
  type: "page" | "post";
  slug: string;
  status: string;
  parent: number;
  title: string;
  content: string;
  excerpt: string;
  meta: Record<string, unknown>;
  modified: number;
}

interface WireMedia {
  id: number;
  slug: string;
  alt_text: string;
  bytes: number;
}

export interface WireRequest {
  method: string;
  /** Below `/wp-json`. */
  path: string;
  query: URLSearchParams;
}

/** `lost`: done, and the answer does not arrive. */
export type WireWeather = "fine" | "down" | "lost";

export interface WordpressWireOptions {
  origin: string;
  username: string;
  application_password: string;
  role?: "administrator" | "author";
  /** Our helper plugin. */
  plugin?: boolean;
}

const CAPABILITIES = {
  administrator: { edit_pages: true, publish_pages: true, edit_posts: true, publish_posts: true, upload_files: true, unfiltered_html: true },
  author: { edit_posts: true, publish_posts: true, upload_files: true },
};

const failed = (status: number, code: string): Response => Response.json({ code, message: "No.", data: { status } }, { status });
/** What kses does to a script: its tags go, its text stays. */
const filtered = (html: string): string => html.replaceAll(/<\/?(?:script|iframe|form|style)\b[^>]*>/g, "");

export const createWordpressWire = ({ origin, username, application_password, role = "administrator", plugin = false }: WordpressWireOptions) => {
  const posts = new Map<number, WirePost>();
  const media = new Map<number, WireMedia>();
  const requests: WireRequest[] = [];
  let weatherOf: (request: WireRequest) => WireWeather = () => "fine";
  let lastId = 1;
  let ticks = 0;

  const registered = plugin ? ["jsonld", "apex_title", "apex_description", "apex_canonical"] : [];
  const shown = (post: WirePost) => ({
    id: post.id, slug: post.slug, status: post.status, parent: post.parent,
    link: post.status === "publish" ? `${origin}/${post.parent === 0 ? "" : `${posts.get(post.parent)?.slug ?? ""}/`}${post.slug}/` : `${origin}/?page_id=${post.id}`,
    modified_gmt: new Date(1_700_000_000_000 + post.modified * 1000).toISOString().slice(0, 19),
    title: { raw: post.title, rendered: post.title }, content: { raw: post.content, rendered: post.content }, excerpt: { raw: post.excerpt, rendered: post.excerpt }, meta: post.meta,
  });
  const isTaken = (slug: string, { id, type, parent }: Pick<WirePost, "id" | "type" | "parent">): boolean =>
    [...posts.values()].some((post) => post.id !== id && post.type === type && post.slug === slug && post.parent === parent) || [...media.values()].some((one) => one.slug === slug);
  const freeSlug = (slug: string, of: Pick<WirePost, "id" | "type" | "parent">): string => {
    let free = slug;
    for (let n = 2; isTaken(free, of); n++) free = `${slug}-${n}`;
    return free;
  };

  const write = (post: WirePost, change: Partial<Omit<WirePost, "meta">> & { meta?: Record<string, unknown> }): void => {
    const text = (value: string): string => (role === "author" ? filtered(value) : value);
    if (change.title !== undefined) post.title = change.title;
    if (change.content !== undefined) post.content = text(change.content);
    if (change.excerpt !== undefined) post.excerpt = change.excerpt;
    if (change.parent !== undefined) post.parent = change.parent;
    const comesBack = post.status === "trash" && change.status !== undefined && change.status !== "trash";
    if (change.slug !== undefined || comesBack) post.slug = freeSlug(change.slug ?? post.slug.replace(/__trashed$/, ""), post);
    if (change.status !== undefined) post.status = change.status;
    for (const [name, value] of Object.entries(change.meta ?? {})) if (registered.includes(name)) post.meta[name] = value;
    post.modified = ++ticks;
  };

  const collection = async (request: Request, { method, query }: WireRequest, type: "page" | "post", id: number | null): Promise<Response> => {
    if (role === "author" && type === "page") return failed(403, "rest_cannot_create");
    if (method === "OPTIONS") return Response.json({ schema: { properties: { meta: { properties: Object.fromEntries(["footnotes", ...registered].map((name) => [name, {}])) } } } });
    if (id === null && method === "GET") {
      const [slugs, statuses] = [(query.get("slug") ?? "").split(","), (query.get("status") ?? "publish").split(",")];
      return Response.json([...posts.values()].filter((post) => post.type === type && slugs.includes(post.slug) && (statuses.includes(post.status) || (statuses.includes("any") && post.status !== "trash"))).map(shown));
    }
    if (id === null) {
      const post: WirePost = { id: ++lastId, type, slug: "", status: "draft", parent: 0, title: "", content: "", excerpt: "", meta: {}, modified: 0 };
      posts.set(post.id, post);
      write(post, await request.json());
      return Response.json(shown(post), { status: 201 });
    }
    const post = posts.get(id);
    if (post?.type !== type) return failed(404, "rest_post_invalid_id");
    if (method === "GET") return Response.json(shown(post));
    if (method === "POST") {
      write(post, await request.json());
      return Response.json(shown(post));
    }
    if (query.get("force") === "true") {
      posts.delete(id);
      return Response.json({ deleted: true });
    }
    if (post.status === "trash") return failed(410, "rest_already_trashed");
    post.status = "trash";
    post.slug = `${post.slug}__trashed`;
    post.modified = ++ticks;
    return Response.json(shown(post));
  };

  const library = async (request: Request, { method, query }: WireRequest, id: number | null): Promise<Response> => {
    const view = (one: WireMedia) => ({ ...one, source_url: `${origin}/wp-content/uploads/${one.slug}.png`, media_details: { sizes: { medium: { width: 300, source_url: `${origin}/wp-content/uploads/${one.slug}-300.png` } } } });
    if (method === "GET") return Response.json([...media.values()].filter(({ slug }) => slug === query.get("slug")).map(view));
    if (id !== null) {
      const known = media.get(id);
      if (!known) return failed(404, "rest_post_invalid_id");
      Object.assign(known, await request.json());
      return Response.json(view(known));
    }
    if (!request.headers.get("Content-Disposition")) return failed(400, "rest_upload_no_content_disposition");
    const slug = query.get("slug") ?? "file";
    const one = { id: ++lastId, slug: freeSlug(slug, { id: 0, type: "post", parent: 0 }), alt_text: query.get("alt_text") ?? "", bytes: (await request.arrayBuffer()).byteLength };
    media.set(one.id, one);
    return Response.json(view(one), { status: 201 });
  };

  const api = async (request: Request, asked: WireRequest): Promise<Response> => {
    if (request.headers.get("Authorization") !== `Basic ${btoa(`${username}:${application_password}`)}`) return failed(401, "rest_not_logged_in");
    if (asked.path === "/") return Response.json({ name: "Rata", namespaces: ["wp/v2"] });
    if (asked.path === "/wp/v2/users/me") return Response.json({ id: 1, name: username, roles: [role], capabilities: CAPABILITIES[role] });
    const [, kind, id] = /^\/wp\/v2\/(pages|posts|media)(?:\/(\d+))?$/.exec(asked.path) ?? [];
    if (kind === undefined) return failed(404, "rest_no_route");
    const number = id === undefined ? null : Number(id);
    return kind === "media" ? library(request, asked, number) : collection(request, asked, kind === "pages" ? "page" : "post", number);
  };

  return {
    posts,
    media,
    requests,
    /** Those that write. */
    writes: () => requests.filter(({ method }) => method !== "GET" && method !== "OPTIONS"),
    weather: (of: (request: WireRequest) => WireWeather) => void (weatherOf = of),
    /** Undefined: not for this site. */
    async serve(request: Request): Promise<Response | undefined> {
      const url = new URL(request.url);
      if (url.origin !== origin) return undefined;
      const asked = { method: request.method, path: url.pathname.replace(/^\/wp-json/, "") || "/", query: url.searchParams };
      const weather = weatherOf(asked);
      if (weather === "down") return new Response("<h1>Briefly unavailable</h1>", { status: 503 });
      if (!url.pathname.startsWith("/wp-json")) {
        const page = [...posts.values()].find((post) => post.status === "publish" && shown(post).link === url.href);
        const headers = { Link: `<${origin}/wp-json/>; rel="https://api.w.org/"`, "Content-Type": "text/html" };
        return url.pathname === "/" || page ? new Response(`<html><body>${page?.content ?? ""}</body></html>`, { headers }) : new Response("Not found", { status: 404, headers });
      }
      requests.push(asked);
      const answer = await api(request, asked);
      if (weather === "lost") throw new TypeError("connection lost");
      return answer;
    },
  };
};

export type WordpressWire = ReturnType<typeof createWordpressWire>;
