import { describe, expect, it } from "vitest";
import { outgoing, picture } from "./support/pages.ts";
import { openTarget } from "./support/target.ts";
import { useWordpress } from "./support/use-wordpress.ts";

const wordpress = useWordpress();
const read = async (url: string): Promise<string> => (await fetch(url)).text();
const jsonLdOf = (html: string): unknown[] => [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)].map(([, text = ""]) => JSON.parse(text) as unknown);
/** Requests that change something. */
const writes = (): string[] => wordpress().site.door.requests().filter(({ method }) => method !== "GET" && method !== "OPTIONS").map(({ method, path }) => `${method} ${path.replace(/\?.*/, "").replace(/\d+$/, "N")}`);

describe("an administrator's page", () => {
  it("is live under its address with its text, its description and its JSON-LD, and is updated in place", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ placement: "live", url: `${wordpress().site.url}/${page.slug}/`, slug: page.slug, json_ld: "inline", notes: [] });
    const html = await read(state.url ?? "");
    expect(html).toContain(page.body_html);
    expect(html).toContain("Blocked drains in Ponsonby &#038; Herne Bay");
    expect(jsonLdOf(html)).toContainEqual(page.json_ld[0]);

    expect(await target.publish(page, state)).toBe(state);
    const next = { ...page, body_html: "<p>Quite another text.</p>" };
    const updated = await target.publish(next, state);
    expect(updated).toMatchObject({ id: state.id, url: state.url, placement: "live", first_at: state.first_at });
    expect(await read(state.url ?? "")).toContain("Quite another text.");
    expect(await client.withSlug("page", page.slug)).toHaveLength(1);
  });

  it("stands below its parents, which wait as drafts that a page of ours takes over", async () => {
    const { target, client } = await openTarget(wordpress());
    const hub = outgoing();
    const child = outgoing({ path: `${hub.path}/ponsonby`, slug: "ponsonby" });
    const state = await target.publish(child, null);
    expect(state.url).toBe(`${wordpress().site.url}${hub.path}/ponsonby/`);
    expect((await client.withSlug("page", hub.slug)).map(({ status }) => status)).toEqual(["draft"]);
    const hubState = await target.publish(hub, null);
    expect(hubState).toMatchObject({ placement: "live", url: `${wordpress().site.url}/${hub.slug}/` });
    // Another page of the same last name, below another parent.
    const other = outgoing({ path: `${outgoing().path}/ponsonby`, slug: "ponsonby" });
    expect(await target.publish(other, null)).toMatchObject({ placement: "live", slug: "ponsonby" });
    expect((await client.get("page", state.id))?.parent).toBe(hubState.id);
  });

  it("has its JSON-LD, title and description in its head where the helper plugin is, and no way out of the script", async () => {
    wordpress().site.setHelperPlugin(true);
    const { target, profile } = await openTarget(wordpress());
    expect(profile.json_ld).toBe("meta");
    const page = outgoing({ canonical: "https://pages.example/one", json_ld: [...outgoing().json_ld, { "@context": "https://schema.org", "@type": "FAQPage" }] });
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ json_ld: "meta", notes: [] });
    const html = await read(state.url ?? "");
    expect(jsonLdOf(html.slice(0, html.indexOf("</head>")))).toEqual(page.json_ld);
    expect(html).not.toContain("</script><b>Plumbing");
    expect(html).toContain(`<title>${page.title}</title>`);
    expect(html).toContain(`<meta name="description" content="${page.meta_description}">`);
    expect(html).toContain('<link rel="canonical" href="https://pages.example/one" />');
  });
});

describe("an author, whose texts are filtered", () => {
  it("gets no JSON-LD onto the page, and never as text; what the site took away is said", async () => {
    const { target, profile } = await openTarget(wordpress(), { as: "author", type: "post" });
    expect(profile).toMatchObject({ json_ld: "none", may: { unfiltered_html: false, publish: true } });
    const page = outgoing({ body_html: `${outgoing().body_html}<iframe src="https://example.com"></iframe>` });
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ placement: "live", json_ld: "none" });
    expect(state.notes).toEqual([expect.stringContaining("Without structured data"), expect.stringMatching(/^The site took away: .*iframe/)]);
    const html = await read(state.url ?? "");
    expect(html).not.toContain("schema.org");
    expect(html).toContain("roots find their joints");
    expect(await target.publish({ ...page, body_html: "<p>Newer.</p>" }, state)).toMatchObject({ id: state.id, placement: "live" });
  });

  it("whose site promises more than it keeps: JSON-LD that became text is taken off before anybody sees it", async () => {
    // As multisites do: the capability is listed, and the filter is there all the same.
    wordpress().site.setPlugin("filter-all", "<?php add_action('init', function () { kses_init_filters(); }, 99); add_action('set_current_user', function () { kses_init_filters(); }, 99);");
    const { target, profile, client } = await openTarget(wordpress());
    expect(profile.json_ld).toBe("inline");
    const page = outgoing();
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ placement: "live", json_ld: "none" });
    const kept = await client.get("page", state.id);
    expect(kept?.content.raw).not.toContain("schema.org");
    expect(kept?.content.raw).toContain(page.body_html);
    wordpress().site.setPlugin("filter-all", null);
  });

  it("has JSON-LD by the helper plugin", async () => {
    wordpress().site.setHelperPlugin(true);
    const { target } = await openTarget(wordpress(), { as: "author", type: "post" });
    const page = outgoing();
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ placement: "live", json_ld: "meta", notes: [] });
    expect(jsonLdOf(await read(state.url ?? ""))).toContainEqual(page.json_ld[0]);
  });

  it("may write posts and no pages, which is said before anything is tried", async () => {
    await expect(openTarget(wordpress(), { as: "author", type: "page" })).rejects.toMatchObject({ code: "wordpress_forbidden", status: 422, retryable: false });
  });
});

describe("a password that is wrong", () => {
  it.each([
    ["of an account that is there", { username: "administrator", application_password: "abcd efgh ijkl mnop" }],
    ["of one that is not", { username: "nobody", application_password: "abcd efgh ijkl mnop" }],
  ])("%s is said to be, and is not tried again", async (_, login) => {
    const { client } = await wordpress().clientOf(login);
    await expect(client.me()).rejects.toMatchObject({ code: "wordpress_login", failure: "login", retryable: false });
    await expect(client.create("page", { title: "x", slug: "x" })).rejects.toMatchObject({ code: "wordpress_login" });
  });
});

describe("a line that breaks", () => {
  it("after the page was made: it is found again, and is there once", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    wordpress().site.door.weather(({ method }) => (method === "POST" ? "lost" : "fine"));
    await expect(target.publish(page, null)).rejects.toMatchObject({ code: "wordpress_unavailable", retryable: true });
    wordpress().site.door.weather(() => "fine");
    expect(await target.publish(page, null)).toMatchObject({ placement: "live", slug: page.slug });
    expect(await client.withSlug("page", page.slug)).toHaveLength(1);
  });

  it.each(["down", "lost"] as const)("(%s) between making a page and showing it: the next attempt does what is left", async (weather) => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    let writes = 0;
    wordpress().site.door.weather(({ method }) => (method === "POST" && (writes += 1) === 2 ? weather : "fine"));
    await expect(target.publish(page, null)).rejects.toMatchObject({ code: "wordpress_unavailable", retryable: true });
    wordpress().site.door.weather(() => "fine");
    expect(await target.publish(page, null)).toMatchObject({ placement: "live", slug: page.slug, notes: [] });
    expect(await client.withSlug("page", page.slug)).toHaveLength(1);
  });

  it("after an update was written, whatever comes next: it is known as our own write, not as a person's edit", async () => {
    const { target } = await openTarget(wordpress());
    const page = outgoing();
    const state = await target.publish(page, null);
    wordpress().site.door.weather(({ method }) => (method === "POST" ? "lost" : "fine"));
    await expect(target.publish({ ...page, body_html: "<p>Second.</p>" }, state)).rejects.toMatchObject({ retryable: true });
    wordpress().site.door.weather(() => "fine");
    expect(await target.publish({ ...page, body_html: "<p>Third.</p>" }, state)).toMatchObject({ placement: "live", id: state.id });
  });
});

describe("an address that something else has", () => {
  it("is left to it: what came out under another name is taken back", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const theirs = await client.create("page", { title: "Ours since 1998", slug: page.slug, content: "<p>Hello</p>", status: "publish" });
    await expect(target.publish(page, null)).rejects.toMatchObject({ code: "wordpress_slug_taken", status: 409, retryable: false });
    expect((await client.get("page", theirs.id))?.content.raw).toBe("<p>Hello</p>");
    expect(await client.withSlug("page", `${page.slug}-2`)).toEqual([]);
  });

  it("is seen also when it is no page: a picture's", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const image = picture();
    await client.upload({ bytes: await image.read(), content_type: "image/png", filename: `${page.slug}.png`, slug: page.slug, alt: "x" });
    await expect(target.publish(page, null)).rejects.toMatchObject({ code: "wordpress_slug_taken" });
    expect(await client.withSlug("page", `${page.slug}-2`)).toEqual([]);
  });
});

describe("what a person did in WordPress", () => {
  it("to the text is held, as often as it is asked, until somebody says that ours counts", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const state = await target.publish(page, null);
    const kept = await client.get("page", state.id);
    await client.update("page", state.id, { content: `${kept?.content.raw ?? ""}\n<!-- wp:paragraph --><p>We close at noon on Christmas Eve.</p><!-- /wp:paragraph -->` });
    const next = { ...page, body_html: "<p>Newer text.</p>" };
    const held = await target.publish(next, state);
    expect(held).toMatchObject({ placement: "held", notes: ["Somebody has changed the page in WordPress since."], url: state.url });
    expect(await target.publish(next, held)).toMatchObject({ placement: "held" });
    expect(await read(state.url ?? "")).toContain("noon on Christmas Eve");
    expect(await target.publish(next, held, { overwrite: true })).toMatchObject({ placement: "live", id: state.id, notes: [] });
    expect(await read(state.url ?? "")).not.toContain("Christmas Eve");
  });

  it.each([
    ["taking it offline", async (client: Awaited<ReturnType<typeof openTarget>>["client"], id: number) => client.update("page", id, { status: "draft" }), /offline/],
    ["putting it into the trash", async (client: Awaited<ReturnType<typeof openTarget>>["client"], id: number) => client.trash("page", id), /trash/],
    ["deleting it", async (client: Awaited<ReturnType<typeof openTarget>>["client"], id: number) => client.destroy("page", id), /deleted/],
  ])("by %s stays so", async (_, act, why) => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const state = await target.publish(page, null);
    await act(client, state.id);
    const next = { ...page, body_html: "<p>Newer text.</p>" };
    const held = await target.publish(next, state);
    expect(held).toMatchObject({ placement: "held", url: null, notes: [expect.stringMatching(why)] });
    expect(await target.publish(next, held)).toMatchObject({ placement: "held" });
    expect((await fetch(`${wordpress().site.url}/${page.slug}/`)).status).toBe(404);
    expect(await target.publish(next, held, { overwrite: true })).toMatchObject({ placement: "live", slug: page.slug });
  });

  it("by publishing a draft of ours is taken as their word: later versions go out to the live page", async () => {
    const { target, client } = await openTarget(wordpress(), { status: "draft" });
    const page = outgoing();
    const state = await target.publish(page, null);
    expect(state).toMatchObject({ placement: "draft", url: null });
    await client.update("page", state.id, { status: "publish" });
    const seen = await target.publish(page, state);
    expect(seen).toMatchObject({ placement: "live", url: `${wordpress().site.url}/${page.slug}/` });
    expect(await target.publish({ ...page, body_html: "<p>Newer.</p>" }, seen)).toMatchObject({ placement: "live" });
  });
});

describe("taking down and bringing back", () => {
  it.each(["draft", "trash"] as const)("by %s leaves nothing in the world, and restore brings it back under its address", async (how) => {
    const { target } = await openTarget(wordpress());
    const page = outgoing();
    const state = await target.publish(page, null);
    const down = await target.unpublish(state, how);
    expect(down).toMatchObject({ placement: "taken_down", url: null });
    expect((await fetch(state.url ?? "")).status).toBe(404);
    expect(await target.unpublish(down, how)).toMatchObject({ placement: "taken_down" });
    expect(await target.restore(down)).toMatchObject({ placement: "live", url: state.url, slug: page.slug });
    expect(await read(state.url ?? "")).toContain(page.body_html);
    // As it was, so that the next version is no surprise.
    expect(await target.publish({ ...page, body_html: "<p>Newer.</p>" }, await target.restore(down))).toMatchObject({ placement: "live", id: state.id });
  });

  it("does not take a new page's address for the old one", async () => {
    const { target, client } = await openTarget(wordpress());
    const page = outgoing();
    const down = await target.unpublish(await target.publish(page, null), "trash");
    await client.create("page", { title: "New", slug: page.slug, content: "<p>New</p>", status: "publish" });
    await expect(target.restore(down)).rejects.toMatchObject({ code: "wordpress_slug_taken" });
    expect((await client.get("page", down.id))?.status).toBe("draft");
  });
});

describe("a picture", () => {
  it("is uploaded once, however many pages show it and whatever answer is lost", async () => {
    const { target, media } = await openTarget(wordpress());
    const image = picture();
    wordpress().site.door.weather(({ method }) => (method === "POST" ? "lost" : "fine"));
    await expect(target.placeImage(image)).rejects.toMatchObject({ retryable: true });
    wordpress().site.door.weather(() => "fine");
    writes();
    const placed = await target.placeImage(image);
    expect(await target.placeImage(image)).toEqual(placed);
    media.clear();
    expect(await target.placeImage({ ...image, image_id: "ent_other" })).toEqual(placed);
    expect(writes()).toEqual([]);
    expect((await fetch(placed.url)).headers.get("Content-Type")).toBe("image/png");
    media.clear();
    await target.placeImage({ ...image, alt: "Another description" });
    expect(writes()).toEqual(["POST /wp-json/wp/v2/media/N"]);
  });
});
