import { describe, expect, it } from "vitest";
import { z } from "zod";
import { dayAfter, todayOf } from "./drip.ts";
import { contentOf, publishHouse } from "./publish.testing.ts";

const DAY_MS = 86_400_000;

describe("publishing", () => {
  it("brings every passed page out once, writes down where, and does nothing the second time", async () => {
    const { page, run, wire, metadataOf, origin } = await publishHouse();
    const ids = [await page(), await page(), await page()];
    expect(await run()).toMatchObject({ status: "succeeded", result: { pages: 3, failed: 0, statuses: { published: 3 }, waiting: 0, next_on: null } });
    // Their parent, and they.
    expect([...wire.posts.values()].map(({ slug, status }) => [slug, status])).toEqual([["drains", "draft"], ["place-1", "publish"], ["place-2", "publish"], ["place-3", "publish"]]);
    expect(await metadataOf(ids[0] ?? "")).toMatchObject({ status: "published", publish_problem: null, published: { wordpress: { placement: "live", url: `${origin}/drains/place-1/`, json_ld: "inline" } } });
    const text = [...wire.posts.values()].at(-1)?.content ?? "";
    expect(text).toContain("clay pipes");
    expect(text).not.toContain("data-source");
    const writes = wire.writes().length;
    expect(await run({ ids })).toMatchObject({ result: { pages: 3, failed: 0 } });
    expect(wire.writes()).toHaveLength(writes);
  });

  it("notes which text it brought out, and keeps what it noted where a person's edit was left alone", async () => {
    const { page, run, wire, rewrite, metadataOf } = await publishHouse();
    const id = await page();
    const versions = async () => {
      const { content, published } = z.object({ content: z.object({ version: z.string() }), published: z.object({ wordpress: z.object({ version: z.string(), placement: z.string() }) }) }).parse(await metadataOf(id));
      return { current: content.version, there: published.wordpress.version, placement: published.wordpress.placement };
    };
    await run({ ids: [id] });
    const first = await versions();
    expect(first).toEqual({ current: first.current, there: first.current, placement: "live" });
    await rewrite(id, contentOf({ body_html: "<p>Newer.</p>" }));
    expect((await versions()).there).toBe(first.current);
    await run({ ids: [id] });
    const second = await versions();
    expect([second.there === second.current, second.current === first.current]).toEqual([true, false]);
    const post = wire.posts.get((await metadataOf(id)).published?.wordpress?.id ?? 0);
    if (post) post.content += "<p>By hand.</p>";
    await rewrite(id, contentOf({ body_html: "<p>Newest.</p>" }));
    await run({ ids: [id] });
    expect(await versions()).toMatchObject({ there: second.current, placement: "held" });
  });

  it.each(["down", "lost"] as const)("posts a page once whichever of its requests finds the line %s", async (weather) => {
    const { page, run, wire, metadataOf } = await publishHouse();
    let breaksAt = 1;
    for (let seen = 0, isOver = false; !isOver; breaksAt += 1, seen = 0) {
      const id = await page();
      wire.weather(() => ((seen += 1) === breaksAt ? weather : "fine"));
      expect(await run({ ids: [id] })).toMatchObject({ status: "succeeded", result: { outcome: "published" } });
      expect(await metadataOf(id)).toMatchObject({ status: "published", published: { wordpress: { placement: "live", notes: [] } } });
      isOver = seen < breaksAt;
    }
    expect(breaksAt).toBeGreaterThan(5);
    const slugs = [...wire.posts.values()].map(({ slug }) => slug);
    expect(slugs.toSorted()).toEqual(["drains", ...Array.from({ length: breaksAt - 1 }, (_, n) => `place-${n + 1}`)].toSorted());
  });

  it("of two runs at the same moment lets one wait, and makes one post", async () => {
    const { page, submit, finish, wire } = await publishHouse();
    const ids = [await page()];
    const runs = [await submit("publish", { ids }), await submit("publish", { ids }), await submit("publish", { ids })];
    expect((await Promise.all(runs.map(async (one) => finish(one)))).map(({ status }) => status)).toEqual(["succeeded", "succeeded", "succeeded"]);
    expect([...wire.posts.values()].filter(({ slug }) => slug.startsWith("place"))).toHaveLength(1);
  });

  it("updates what is out with the text that has passed since, and links pages once they have addresses", async () => {
    const { page, run, wire, rewrite, store, projectId, origin, metadataOf } = await publishHouse();
    const [one, two] = [await page(), await page()];
    const link = { kind: "nearby" as const, relevance: 1, position: 0 };
    await store.pageLinks.replace(projectId, [], [{ from: one, to: two, anchor_text: "Drains next door", ...link }, { from: two, to: one, anchor_text: "Drains here", ...link }]);
    await run();
    const [first, second] = [...wire.posts.values()].filter(({ slug }) => slug.startsWith("place"));
    expect(first?.content).toContain(`<a href="${origin}/drains/place-2/">Drains next door</a>`);
    expect(second?.content).toContain(`<a href="${origin}/drains/place-1/">Drains here</a>`);
    await rewrite(one, contentOf({ body_html: "<p>Newer.</p>" }));
    await run();
    expect(wire.posts.get((await metadataOf(one)).published?.wordpress?.id ?? 0)?.content).toContain("<p>Newer.</p>");
    expect(wire.posts.size).toBe(3);
  });

  it("shows a page's own number in place of the business's, from when it is next published", async () => {
    const { page, run, wire, store, projectId, metadataOf } = await publishHouse({ contact: { phone: "+6495550142" } });
    const id = await page({}, contentOf({ body_html: `<p>Ring <a href="tel:+6495550142">09 555 0142</a>.</p>` }));
    await run();
    const rawOf = async (): Promise<string> => wire.posts.get((await metadataOf(id)).published?.wordpress?.id ?? 0)?.content ?? "";
    expect(await rawOf()).toContain(`href="tel:+6495550142" rel="noopener noreferrer nofollow">09 555 0142</a>`);
    await store.numbers.put(projectId, "+6499730042", null, id);
    await run({ ids: [id] });
    expect(await rawOf()).toContain(`href="tel:+6499730042" rel="noopener noreferrer nofollow">09 973 0042</a>`);
    expect(await rawOf()).not.toContain("555 0142");
    await store.numbers.remove(projectId, "+6499730042");
    await run({ ids: [id] });
    expect(await rawOf()).toContain("09 555 0142");
  });

  it("says what a person must mend, and tries nothing in vain", async () => {
    const { page, run, connect, wire, metadataOf } = await publishHouse();
    await connect({ username: "rata", application_password: "wrong" });
    const id = await page();
    expect(await run({ ids: [id] })).toMatchObject({ status: "failed", failures: 1, error: { code: "wordpress_login" } });
    expect(await metadataOf(id)).toMatchObject({ status: "passed", publish_problem: { target: "wordpress", code: "wordpress_login" } });
    expect(wire.writes()).toEqual([]);
  });

  it("does nothing before the DNA says where", async () => {
    const { page, run } = await publishHouse({ publishing: { target: "none" } });
    await page();
    expect(await run()).toMatchObject({ status: "failed", error: { code: "publishing_off" } });
  });

  it("leaves a page that no critic has passed, and one of another project", async () => {
    const { page, run, wire } = await publishHouse();
    const other = await publishHouse();
    expect(await run({ ids: [await page({ status: "written" })] })).toMatchObject({ status: "succeeded", result: { outcome: "not_due", status: "written" } });
    expect(await run({ ids: [await other.page()] })).toMatchObject({ status: "failed", error: { code: "page_not_found" } });
    expect(wire.writes()).toEqual([]);
  });
});

describe("a person's edit in WordPress", () => {
  it("is held and told, and overwritten when somebody says so", async () => {
    const { page, run, wire, rewrite, metadataOf } = await publishHouse();
    const id = await page();
    await run({ ids: [id] });
    const post = wire.posts.get((await metadataOf(id)).published?.wordpress?.id ?? 0);
    if (post) post.content += "<p>By hand.</p>";
    await rewrite(id, contentOf({ body_html: "<p>Newer.</p>" }));
    expect(await run({ ids: [id] })).toMatchObject({ status: "succeeded", result: { outcome: "held", targets: { wordpress: { placement: "held" } } } });
    expect(post?.content).toContain("By hand.");
    expect(await metadataOf(id)).toMatchObject({ status: "passed" });
    expect(await run({ ids: [id], overwrite: true })).toMatchObject({ result: { outcome: "published" } });
    expect(post?.content).not.toContain("By hand.");
    expect(await metadataOf(id)).toMatchObject({ status: "published" });
  });
});

describe("the drip", () => {
  it("lets so many pages out a day, those worth most first, and goes on by itself in the mornings", async () => {
    const { page, run, metadataOf, store, finish, execute, queue, pass, clock } = await publishHouse({ publishing: { per_day: 2 } });
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(await page());
    const out = async (): Promise<number> => (await Promise.all(ids.map(metadataOf))).filter(({ status }) => status === "published").length;
    const today = todayOf((await dnaFor()), clock.now());
    const first = await run();
    expect(first).toMatchObject({ status: "succeeded", result: { pages: 2, waiting: 3, next_on: dayAfter(today) } });
    expect((await metadataOf(ids[0] ?? "")).status).toBe("published");
    expect(await out()).toBe(2);
    // Asked again on the same day: nothing more, however it is asked.
    expect(await run()).toMatchObject({ result: { pages: 0, waiting: 3 } });
    expect(await run({ ids: [ids[4]] })).toMatchObject({ result: { pages: 0, waiting: 1 } });
    expect(await out()).toBe(2);
    const next = (await store.runs.list({ task: "publish", status: "queued" }, { limit: 10 })).items.filter(({ params }) => params.ids === undefined);
    expect(next).toHaveLength(1);
    const [morning] = next;
    if (!morning) throw new Error("nothing goes on");
    // Too early it waits, however it is woken; then it is the day.
    expect(await execute(morning)).toMatchObject({ status: "queued", failures: 0 });
    expect(await out()).toBe(2);
    queue.length = 0;
    pass(DAY_MS);
    const second = await finish(morning);
    expect(second).toMatchObject({ result: { pages: 2, waiting: 1 } });
    expect(second.params.drip).toBe(dayAfter(today));
    expect(await out()).toBe(4);
  });

  const dnaFor = async () => Promise.resolve({ identity: { country: "NZ", business_name: "x", project_id: "x" } } as Parameters<typeof todayOf>[0]);

  it("counts a page that is out already as nothing: it is brought up to date at once", async () => {
    const { page, run, rewrite } = await publishHouse({ publishing: { per_day: 1 } });
    const [one, two] = [await page(), await page()];
    await run();
    await rewrite(one, contentOf({ body_html: "<p>Newer.</p>" }));
    expect(await run({ ids: [one] })).toMatchObject({ result: { outcome: "published" } });
    expect(await run({ ids: [two] })).toMatchObject({ result: { pages: 0, waiting: 1 } });
  });
});

describe("taking down", () => {
  it("takes a page from the world and keeps it there until it is restored", async () => {
    const { page, run, wire, metadataOf, origin } = await publishHouse();
    const id = await page();
    await run({ ids: [id] });
    expect(await run({ ids: [id], how: "trash" }, "unpublish")).toMatchObject({ status: "succeeded", result: { pages: [{ page_id: id, targets: { wordpress: { placement: "taken_down", url: null } } }] } });
    expect(await metadataOf(id)).toMatchObject({ status: "retired" });
    expect([...wire.posts.values()].find(({ slug }) => slug.startsWith("place"))?.status).toBe("trash");
    expect(await run({ ids: [id] })).toMatchObject({ result: { outcome: "not_due" } });
    expect(await run({ ids: [id] }, "restore")).toMatchObject({ status: "succeeded", result: { pages: [{ targets: { wordpress: { placement: "live", url: `${origin}/drains/place-1/` } } }] } });
    expect(await metadataOf(id)).toMatchObject({ status: "published" });
  });
});

describe("the check", () => {
  it.each([
    ["an administrator", {}, { ready: true, may: { publish: true, unfiltered_html: true }, json_ld: "inline", problems: [] }],
    ["an author who shall write pages", { role: "author" as const }, { ready: false, problems: [{ code: "wordpress_forbidden" }] }],
    ["a site with the helper plugin", { plugin: true }, { ready: true, json_ld: "meta", hints: [] }],
  ])("says what the account may do: %s", async (_, options, expected) => {
    const { run, wire } = await publishHouse(options);
    expect(await run({}, "check")).toMatchObject({ status: "succeeded", result: { targets: { wordpress: expected } } });
    expect(wire.writes()).toEqual([]);
  });

  it("answers that the password is wrong, and fails only when the site is away", async () => {
    const { run, connect, wire } = await publishHouse();
    await connect({ username: "rata", application_password: "wrong" });
    expect(await run({}, "check")).toMatchObject({ status: "succeeded", result: { targets: { wordpress: { ready: false, problems: [{ code: "wordpress_login" }] } } } });
    wire.weather(() => "down");
    expect(await run({}, "check")).toMatchObject({ status: "dead", error: { code: "wordpress_unavailable" } });
  });
});
