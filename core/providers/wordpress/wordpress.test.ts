import { describe, expect, it } from "vitest";
import { createEgress } from "../../security/egress/egress.ts";
import { discoverRestRoot } from "./discover.ts";
import { createWordpressClient } from "./wordpress.client.ts";
import { failureOf } from "./wordpress.errors.ts";
import { createWordpressHttp } from "./wordpress.http.ts";

const LOGIN = { username: "José", application_password: "abcd efgh" };
const post = { id: 7, slug: "x", status: "draft", link: "https://a.example/x/", modified_gmt: "2026-11-26T00:00:00", title: { raw: "x" }, content: { raw: "x" }, meta: [] };

/** A website on the wire. */
const web = (answer: (request: Request) => Response | Promise<Response>, allowHosts = "") => {
  const requests: Request[] = [];
  const egress = createEgress({
    allowHosts,
    dohUrl: "off",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push(request.clone());
      return answer(request);
    },
  });
  return { requests, egress, client: (root: string) => createWordpressClient(createWordpressHttp({ egress, root, login: LOGIN })) };
};
const front = (root: string): Response => new Response("<html></html>", { headers: { Link: `<${root}>; rel="https://api.w.org/"` } });

describe("finding a site's REST root", () => {
  it.each([
    ["by the header of its front page", "https://a.example", () => front("https://a.example/wp-json/"), "https://a.example/wp-json/"],
    ["whatever page of the back end was typed", "https://a.example/blog/wp-admin/index.php?x=1", () => front("https://a.example/blog/wp-json/"), "https://a.example/blog/wp-json/"],
    ["by the page itself, where a cache eats headers", "https://a.example", () => new Response(`<link rel="https://api.w.org/" href="https://a.example/wp-json/" />`), "https://a.example/wp-json/"],
    ["without permalinks", "https://a.example", () => front("https://a.example/index.php?rest_route=/"), "https://a.example/index.php?rest_route=/"],
    ["on www.", "https://a.example", () => front("https://www.a.example/wp-json/"), "https://www.a.example/wp-json/"],
  ])("%s", async (_, given, answer, root) => {
    const { egress, requests } = web(answer);
    expect(await discoverRestRoot(egress, given)).toBe(root);
    // The password is not needed for this, and does not go along.
    expect(requests.map((request) => request.headers.get("Authorization"))).toEqual([null]);
  });

  it.each([
    ["one that would have the password on an open line", () => front("http://a.example/wp-json/"), { code: "wordpress_insecure", status: 422 }],
    ["one on another host", () => front("https://evil.example/wp-json/"), { code: "wordpress_elsewhere", status: 422 }],
    ["one inside", () => front("https://10.0.0.1/wp-json/"), { code: "url_refused" }],
    ["a site that is no WordPress", () => new Response("<html></html>"), { code: "wordpress_no_api", retryable: false }],
    ["a site that is down", () => new Response("", { status: 503 }), { code: "wordpress_unavailable", retryable: true }],
    ["a site that leads inside", () => new Response(null, { status: 302, headers: { Location: "http://169.254.169.254/" } }), { code: "url_refused" }],
  ])("refuses %s", async (_, answer, error) => {
    await expect(discoverRestRoot(web(answer).egress, "https://a.example")).rejects.toMatchObject(error);
  });

  it("takes plain http from a host that the settings allow only", async () => {
    expect(await discoverRestRoot(web(() => front("http://127.0.0.1:9444/wp-json/"), "127.0.0.1:9444").egress, "http://127.0.0.1:9444")).toBe("http://127.0.0.1:9444/wp-json/");
  });
});

describe("a request", () => {
  it("says who asks in UTF-8, and puts the path where the site wants it", async () => {
    const { client, requests } = web(() => Response.json(post));
    await client("https://a.example/wp-json/").get("page", 7);
    await client("https://a.example/index.php?rest_route=/").get("page", 7);
    expect(requests.map(({ url }) => url)).toEqual(["https://a.example/wp-json/wp/v2/pages/7?context=edit", "https://a.example/index.php?rest_route=%2Fwp%2Fv2%2Fpages%2F7&context=edit"]);
    expect(atob((requests[0]?.headers.get("Authorization") ?? "").replace("Basic ", ""))).toBe("JosÃ©:abcd efgh");
  });

  it.each([
    ["a redirect, which would make a GET of a POST", () => new Response(null, { status: 301, headers: { Location: "https://www.a.example/" } }), { code: "wordpress_no_api", retryable: false }],
    ["a page of a firewall with a good status", () => new Response("<html>Are you human?</html>"), { code: "wordpress_unavailable", retryable: true }],
    ["an answer of another shape", () => Response.json({ id: "seven" }), { code: "wordpress_unavailable", retryable: true }],
    ["an answer without end", () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) })), { code: "wordpress_unavailable" }],
    ["a rate limit, for as long as it says", () => Response.json({ code: "too_many", message: "" }, { status: 429, headers: { "Retry-After": "30" } }), { code: "wordpress_unavailable", retryAfterMs: 30_000 }],
    ["a connection that breaks", () => Promise.reject(new TypeError("reset")), { code: "wordpress_unavailable", retryable: true, httpStatus: null }],
  ])("that meets %s has failed", async (_, answer, error) => {
    await expect(web(answer).client("https://a.example/wp-json/").create("page", { title: "x" })).rejects.toMatchObject(error);
  });

  it.each<[number, string | null, ReturnType<typeof failureOf>]>([
    [401, "rest_cannot_create", "login"], [401, "rest_not_logged_in", "login"], [403, "incorrect_password", "login"], [401, null, "login"],
    [403, "rest_cannot_publish", "forbidden"], [403, "rest_cannot_create", "forbidden"],
    [400, "rest_invalid_param", "refused"], [400, "rest_post_invalid_id", "refused"], [404, "rest_post_invalid_id", "gone"], [410, "rest_already_trashed", "gone"],
    [404, "rest_no_route", "no_api"], [404, null, "no_api"], [500, "internal_server_error", "unavailable"], [503, null, "unavailable"], [500, "rest_upload_unknown_error", "unavailable"],
  ])("%i %s means %s", (status, code, failure) => {
    expect(failureOf(status, code)).toBe(failure);
  });

  it("finds what is not there as nothing, and never speaks to Rank Math of the home page", async () => {
    const { client, requests } = web(() => Response.json({ code: "rest_post_invalid_id", message: "" }, { status: 404 }));
    const site = client("https://a.example/wp-json/");
    expect(await site.get("page", 7)).toBeNull();
    expect(await site.trash("page", 7)).toBe(false);
    await expect(site.rankMath(0, { meta: {}, schemas: {} })).rejects.toThrow("not a post's id");
    expect(requests).toHaveLength(2);
  });

  it("keeps to Rank Math's own ids of what it was given", async () => {
    const { client, requests } = web((request) => Response.json(request.url.endsWith("updateSchemas") ? { "new-0": 31 } : {}));
    expect(await client("https://a.example/wp-json/").rankMath(5, { meta: { rank_math_title: "x" }, schemas: { "new-0": { "@type": "Plumber" } } })).toEqual({ "new-0": 31 });
    expect(await requests[1]?.json()).toEqual({ objectType: "post", objectID: 5, schemas: { "new-0": { "@type": "Plumber" } } });
  });
});
