import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./addresses.ts";
import { createBrowserRule } from "./browser-rules.ts";
import { createGuardedFetch, type GuardedRequest } from "./fetch.ts";
import { checkUrl, parseAllowHosts } from "./guard.ts";
import { createUrlChecker } from "./resolve.ts";

const PUBLIC = "93.184.215.14";
const reasonOf = (url: string, allowHosts: string[] = []): string => {
  try {
    checkUrl(url, { allowHosts });
    return "fine";
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
};

describe("an address given by a tenant", () => {
  it.each([
    "https://example.com", "http://example.com/a?b=c#d", "https://EXAMPLE.com:443/", "https://example.com:8443", "https://example.com./", "https://münchen.de/straße", "https://xn--mnchen-3ya.de",
    `https://${PUBLIC}/`, "https://[2606:4700:4700::1111]/", "https://a_b.example.co.nz", "https://localhost.example.com", "https://10.example.com", "https://example.com/@me",
  ])("is fine on the public internet: %s", (url) => {
    expect(reasonOf(url)).toBe("fine");
  });

  it.each([
    // loopback
    "http://127.0.0.1", "http://127.1", "http://127.0.1", "http://2130706433", "http://0x7f000001", "http://0x7f.0.0.1", "http://0177.0.0.1", "http://017700000001", "http://127.000.000.001", "http://127.0.0.1.",
    "http://127.255.255.254", "http://%31%32%37.0.0.1", "http://①②⑦.⓪.⓪.①", "http://１２７.0.0.1", "http://127。0。0。1", "http://127．0．0．1", "http://[::1]", "http://[0:0:0:0:0:0:0:1]", "http://[::]",
    "http://0.0.0.0", "http://0", "http://0x0",
    // private, link-local, CGNAT, metadata
    "http://10.0.0.1", "http://10.1", "http://172.16.0.1", "http://172.31.255.255", "http://192.168.1.1", "http://192.168.257", "http://3232235777", "http://169.254.169.254", "http://0xa9fea9fe", "http://2852039166",
    "http://0251.0376.0251.0376", "http://100.64.0.1", "http://100.100.100.200", "http://168.63.129.16", "http://192.0.0.192",
    // multicast, broadcast, documentation, benchmarking, reserved
    "http://224.0.0.1", "http://255.255.255.255", "http://192.0.2.1", "http://198.51.100.1", "http://203.0.113.1", "http://198.18.0.1", "http://240.0.0.1",
    // IPv6: link-local, unique local, site-local, multicast, documentation; v4 inside v6 in every form
    "http://[fe80::1]", "http://[fd00:ec2::254]", "http://[fc00::1]", "http://[fec0::1]", "http://[ff02::1]", "http://[2001:db8::1]", "http://[3fff::1]", "http://[100::1]", "http://[5f00::1]", "http://[4000::1]",
    "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]", "http://[0:0:0:0:0:ffff:10.0.0.1]", "http://[::127.0.0.1]", "http://[::a00:1]", "http://[::ffff:0:127.0.0.1]", "http://[64:ff9b::127.0.0.1]",
    "http://[64:ff9b::a9fe:a9fe]", "http://[64:ff9b:1::1]", "http://[2002:7f00:1::]", "http://[2002:a00:1::1]", "http://[2001:0:7f00:1::]", "http://[2606:4700::5efe:7f00:1]",
  ])("is refused wherever it leads inside: %s", (url) => {
    expect(reasonOf(url)).toBe("address");
  });

  it.each([
    ["http://localhost", "host"], ["http://LOCALHOST.", "host"], ["http://ⓛocalhost", "host"], ["http://app.localhost", "host"], ["http://printer.local", "host"], ["http://metadata.google.internal", "host"],
    ["http://metadata", "host"], ["http://router.home.arpa", "host"], ["http://intranet", "host"], ["http://127.0.0.1.nip.io", "host"], ["http://localtest.me", "host"], ["http://x.onion", "host"], ["http://a..b.com", "host"],
    ["http://1.2.3.4.5", "not_a_url"], ["http://256.256.256.256", "not_a_url"], ["http://[fe80::1%25eth0]", "not_a_url"], ["http://[::1", "not_a_url"], ["http://exa mple.com", "not_a_url"], ["http://exam\tple.com", "not_a_url"],
    ["http://example.com\\@127.0.0.1", "not_a_url"], ["//example.com", "not_a_url"], ["example.com", "not_a_url"], ["", "not_a_url"], [`https://example.com/${"x".repeat(2100)}`, "not_a_url"],
    ["ftp://example.com", "scheme"], ["file:///etc/passwd", "scheme"], ["javascript:alert(1)", "scheme"], ["gopher://example.com", "scheme"], ["data:text/html,x", "scheme"], ["ws://example.com", "scheme"],
    ["https://user@example.com", "userinfo"], ["https://user:pass@example.com", "userinfo"], ["https://@example.com", "userinfo"], ["https://example.com@127.0.0.1", "userinfo"], ["https://:@example.com", "userinfo"],
    ["http://example.com:22", "port"], ["http://example.com:25", "port"], ["http://example.com:6379", "port"], ["http://example.com:8787", "port"],
  ])("%j is refused for its %s", (url, reason) => {
    expect(reasonOf(url)).toBe(reason);
  });

  it("may be on a developer's own machine only where the settings name host and port", () => {
    const allow = parseAllowHosts("127.0.0.1:9444, LOCALHOST:80,[::1]:8080");
    expect(["http://127.0.0.1:9444/x", "http://2130706433:9444", "http://localhost/", "http://[::1]:8080"].map((url) => reasonOf(url, allow))).toEqual(["fine", "fine", "fine", "fine"]);
    expect(["http://127.0.0.1:9445", "http://127.0.0.1", "http://u@127.0.0.1:9444", "https://localhost/", "ftp://127.0.0.1:9444"].map((url) => reasonOf(url, allow))).toEqual(["port", "address", "userinfo", "host", "scheme"]);
  });

  it.each(["", "nonsense", "127.0.0.1", "fe80::1%eth0", "::ffff:192.168.0.1", "0x7f.1"])("the answer %j of a resolver is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

/** A resolver and websites on the wire: names lead where the test says, and each request is noted. */
const internet = (names: Record<string, string[]>, sites: Record<string, (request: Request) => Response | Promise<Response>> = {}) => {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.hostname === "dns.test") {
      const name = url.searchParams.get("name") ?? "";
      const [type, isV6] = url.searchParams.get("type") === "AAAA" ? [28, true] : [1, false];
      if (names[name]?.includes("broken")) return new Response("oops", { status: 502 });
      const cname = { name, type: 5, data: "elsewhere.example.com." };
      return Response.json({ Status: names[name] ? 0 : 3, Answer: [cname, ...(names[name] ?? []).filter((address) => address.includes(":") === isV6).map((data) => ({ name, type, data }))] });
    }
    requests.push(request.clone());
    const site = sites[url.origin + url.pathname] ?? sites[url.origin];
    return site ? site(request) : new Response("hello");
  };
  const check = createUrlChecker({ allowHosts: ["127.0.0.1:9444"], dohUrl: "https://dns.test/dns-query", fetch });
  return { requests, check, get: async (url: string, more: Partial<GuardedRequest> = {}) => createGuardedFetch({ check, fetch })({ url, maxBytes: 1000, timeoutMs: 2000, maxRedirects: 3, ...more }) };
};
const redirect = (to: string, status = 302) => (): Response => new Response(null, { status, headers: { Location: to } });
const NAMES = { "good.example": [PUBLIC], "other.example": [PUBLIC, "2606:4700:4700::1111"], "evil.example": ["10.0.0.1"], "mixed.example": [PUBLIC, "::1"], "mapped.example": ["::ffff:169.254.169.254"], "down.example": ["broken"] };

describe("a name", () => {
  it.each(["evil.example", "mixed.example", "mapped.example"])("%s is refused when any of its addresses is inside", async (name) => {
    const net = internet(NAMES);
    await expect(net.get(`https://${name}/`)).rejects.toMatchObject({ code: "url_refused", status: 422, reason: "address" });
    expect(net.requests).toEqual([]);
  });

  it("that does not exist is refused, and one that cannot be looked up now may be tried later", async () => {
    await expect(internet(NAMES).get("https://nobody.example/")).rejects.toMatchObject({ code: "url_refused" });
    await expect(internet(NAMES).get("https://down.example/")).rejects.toMatchObject({ code: "resolver_unavailable", retryable: true });
  });

  it("is not looked up when it is an allowed host, or an address", async () => {
    const net = internet({});
    expect(new TextDecoder().decode((await net.get("http://127.0.0.1:9444/x")).body)).toBe("hello");
    expect((await net.get(`https://${PUBLIC}/`)).status).toBe(200);
  });
});

describe("a guarded fetch", () => {
  it.each(["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "https://evil.example/", "file:///etc/passwd", "//[::1]/", "http://user:pass@good.example/", "https://good.example:22/"])("does not follow a redirect to %s", async (to) => {
    const net = internet(NAMES, { "https://good.example": redirect(to) });
    await expect(net.get("https://good.example/")).rejects.toMatchObject({ code: "url_refused" });
    expect(net.requests).toHaveLength(1);
  });

  it("checks each redirect of a chain, and gives up after a few", async () => {
    const net = internet(NAMES, { "https://good.example/a": redirect("/b"), "https://good.example/b": redirect("https://other.example/c"), "https://other.example/c": redirect("http://[::1]/") });
    await expect(net.get("https://good.example/a")).rejects.toMatchObject({ code: "url_refused" });
    const loop = internet(NAMES, { "https://good.example": redirect("/again") });
    await expect(loop.get("https://good.example/")).rejects.toMatchObject({ code: "egress_too_many_redirects", retryable: false });
    expect(loop.requests).toHaveLength(4);
  });

  it("shows credentials to the origin that they are for, and to no other", async () => {
    const net = internet(NAMES, { "https://good.example/1": redirect("/2"), "https://good.example/2": redirect("https://other.example/3"), "https://other.example/3": redirect("https://good.example/4") });
    await net.get("https://good.example/1", { headers: { Authorization: "Basic secret", Cookie: "a=b", "X-Api-Key": "k", Accept: "text/html" } });
    expect(net.requests.map((request) => [request.headers.get("Authorization"), request.headers.get("Cookie"), request.headers.get("X-Api-Key"), request.headers.get("Accept")])).toEqual([
      ["Basic secret", "a=b", "k", "text/html"],
      ["Basic secret", "a=b", "k", "text/html"],
      [null, null, null, "text/html"],
      [null, null, null, "text/html"],
    ]);
    const downgraded = internet(NAMES, { "https://good.example": redirect("http://good.example/") });
    await downgraded.get("https://good.example/", { headers: { Authorization: "Basic secret" } });
    expect(downgraded.requests.at(-1)?.headers.get("Authorization")).toBeNull();
  });

  it.each([
    [301, "GET", ""], [302, "GET", ""], [303, "GET", ""], [307, "POST", "body"], [308, "POST", "body"],
  ])("after a %i sends a POST on as %s", async (status, method, body) => {
    const net = internet(NAMES, { "https://good.example/1": redirect("/2", status) });
    await net.get("https://good.example/1", { method: "POST", body: "body" });
    expect([net.requests.at(-1)?.method, await net.requests.at(-1)?.text()]).toEqual([method, body]);
  });

  it("does not hand a body on to another site", async () => {
    const net = internet(NAMES, { "https://good.example": redirect("https://other.example/", 307) });
    await expect(net.get("https://good.example/", { method: "POST", body: "secret" })).rejects.toMatchObject({ code: "url_refused" });
    expect(net.requests).toHaveLength(1);
  });

  const endless = (): ReadableStream<Uint8Array> => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
  it.each([
    ["says so", () => new Response("x".repeat(2000), { headers: { "Content-Length": "2000" } }), 1000],
    ["never says so and never ends", () => new Response(endless()), 1_000_000],
    ["unpacks to a thousand times what came over the wire", () => new Response(endless(), { headers: { "Content-Encoding": "gzip", "Content-Length": "5000" } }), 1_000_000_000],
  ])("stops at an answer that is too large and %s", async (_, answer, maxBytes) => {
    await expect(internet(NAMES, { "https://good.example": answer }).get("https://good.example/", { maxBytes })).rejects.toMatchObject({ code: "egress_too_large", retryable: false });
  });

  it.each([
    ["before it begins", () => new Promise<Response>(() => undefined)],
    ["in the middle of its body", () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }))],
  ])("does not wait for an answer that hangs %s", async (_, answer) => {
    await expect(internet(NAMES, { "https://good.example": answer }).get("https://good.example/", { timeoutMs: 50 })).rejects.toMatchObject({ code: "egress_timeout", retryable: true });
  });

  it("names no more than the kind of failure when the connection breaks", async () => {
    const net = internet(NAMES, { "https://good.example": () => Promise.reject(new TypeError("connect ECONNREFUSED 10.0.0.5")) });
    await expect(net.get("https://good.example/")).rejects.toMatchObject({ code: "egress_failed", message: "The address could not be reached." });
  });
});

describe("a page in the browser", () => {
  it.each([
    ["https://good.example/a.js", true], ["wss://good.example/socket", true], ["data:image/png;base64,AA", true], ["blob:https://good.example/1", true], ["about:blank", true],
    ["https://evil.example/", false], ["http://127.0.0.1:9222/json", false], ["ws://127.0.0.1/", false], ["file:///etc/passwd", false], ["ftp://good.example", false], ["chrome://version", false],
    ["http://169.254.169.254/", false], ["https://u:p@good.example/", false], ["https://down.example/", false], ["view-source:http://127.0.0.1", false], ["nonsense", false],
  ])("may ask for %s: %s", async (url, allowed) => {
    expect(await createBrowserRule(internet(NAMES).check)(url)).toBe(allowed);
  });
});
