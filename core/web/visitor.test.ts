import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./visitor.ts";
import { visitorOf } from "./web.testing.ts";

const PAGE = "https://board.example/jobs";
const LOGIN = '<h1>Log in</h1><form><input type="password"></form>';

describe("a visit", () => {
  it("asks robots.txt first and once, and keeps the larger of the two distances", async () => {
    const { visitor, asked, turns } = visitorOf({ "https://board.example/robots.txt": { type: "text/plain", body: "User-agent: *\nCrawl-delay: 7\nDisallow: /private" }, [PAGE]: { body: "<p>Jobs</p>" } });
    expect(await visitor.visit(PAGE)).toMatchObject({ ok: true, url: PAGE, text: "<p>Jobs</p>" });
    expect(await visitor.visit("https://board.example/private/a")).toEqual({ ok: false, problem: "robots", retryAfterMs: null });
    await visitor.visit(PAGE);
    expect(asked).toEqual(["https://board.example/robots.txt", PAGE, PAGE]);
    expect(turns).toEqual([["board.example", 7], ["board.example", 7]]);
  });

  it("waits for its turn, and asks nothing when that is too far away", async () => {
    const waits: number[] = [];
    const near = visitorOf({ [PAGE]: { body: "x" } }, { turnAt: async () => Promise.resolve(1500), wait: async (ms) => Promise.resolve(void waits.push(ms)) });
    expect([(await near.visitor.visit(PAGE)).ok, waits]).toEqual([true, [1500]]);
    const far = visitorOf({ [PAGE]: { body: "x" } }, { turnAt: async () => Promise.resolve(null) });
    expect(await far.visitor.visit(PAGE)).toMatchObject({ ok: false, problem: "busy" });
    expect(far.asked).not.toContain(PAGE);
  });

  it.each([
    ["429 with a time", { status: 429, headers: { "Retry-After": "120" } }, "busy", 120_000],
    ["429 with a date", { status: 429, headers: { "Retry-After": "Thu, 26 Nov 2026 02:05:00 GMT" } }, "busy", 300_000],
    ["429 without either", { status: 429 }, "busy", null],
    ["503 with a time", { status: 503, headers: { "Retry-After": "60" } }, "busy", 60_000],
    ["503", { status: 503 }, "unreachable", null],
    ["403", { status: 403, body: "<h1>Forbidden</h1>" }, "forbidden", null],
    ["401", { status: 401, body: "" }, "login_wall", null],
    ["404", { status: 404 }, "not_found", null],
    ["a page without end", { body: "x".repeat(30_000) }, "too_large", null],
    ["a log-in form", { body: LOGIN }, "login_wall", null],
    ["a captcha", { status: 403, body: '<div class="g-recaptcha"></div>' }, "captcha", null],
    ["a check of who is asking", { body: "<h1>Just a moment</h1><p>Checking your browser</p>" }, "captcha", null],
    ["a redirect to a log-in page", { status: 302, headers: { Location: "/login?next=x" } }, "login_wall", null],
    ["a redirect inside", { status: 302, headers: { Location: "http://169.254.169.254/" } }, "refused", null],
    ["a redirect to a site that does not want robots", { status: 302, headers: { Location: "https://other.example/a" } }, "robots", null],
  ] as const)("ends with a reason at %s", async (_, answer, problem, wait) => {
    const { visitor } = visitorOf({ [PAGE]: answer, "https://board.example/login?next=x": { body: LOGIN }, "https://other.example/robots.txt": { type: "text/plain", body: "User-agent: *\nDisallow: /" }, "https://other.example/a": { body: "x" } });
    expect(await visitor.visit(PAGE)).toEqual({ ok: false, problem, retryAfterMs: wait });
  });

  it("of a site that cannot say what it asks of robots is put off", async () => {
    const { visitor, asked } = visitorOf({ "https://board.example/robots.txt": { status: 500 }, [PAGE]: { body: "x" } });
    expect(await visitor.visit(PAGE)).toMatchObject({ ok: false, problem: "robots" });
    expect(asked).not.toContain(PAGE);
  });

  it("in the browser is by the same rules", async () => {
    const opened: string[] = [];
    const { visitor } = visitorOf({ "https://board.example/robots.txt": { type: "text/plain", body: "User-agent: *\nDisallow: /no" } }, { render: async (url) => Promise.resolve({ url: opened.push(url) === 2 ? "https://board.example/login" : url, html: opened.length === 3 ? "slow" : "<p>Drawn</p>", ...(opened.length === 3 ? { status: 429, retryAfter: "9" } : {}) }) });
    expect(await visitor.visit("https://board.example/no", { scripts: true })).toMatchObject({ problem: "robots" });
    expect(await visitor.visit(PAGE, { scripts: true })).toMatchObject({ ok: true, text: "<p>Drawn</p>" });
    expect(await visitor.visit(PAGE, { scripts: true })).toMatchObject({ problem: "login_wall" });
    expect(await visitor.visit(PAGE, { scripts: true })).toMatchObject({ problem: "busy", retryAfterMs: 9000 });
    expect(opened).toEqual([PAGE, PAGE, PAGE]);
  });

  it("that has no browser says so", async () => {
    expect(await visitorOf({}).visitor.visit(PAGE, { scripts: true })).toMatchObject({ problem: "no_browser" });
  });

  it("to a page with a list and a log-in form in its corner is a visit", async () => {
    const { visitor } = visitorOf({ [PAGE]: { body: `${LOGIN}${"<p>Need a plumber in Epsom, tap drips.</p>".repeat(30)}` } });
    expect((await visitor.visit(PAGE)).ok).toBe(true);
  });
});

it.each([["5", 5000], ["", null], ["soon", null], ["-1", null], [undefined, null], ["Thu, 26 Nov 2026 01:00:00 GMT", 0]])("Retry-After %j is %s ms", (header, ms) => {
  expect(retryAfterMs(header, Date.parse("2026-11-26T02:00:00Z"))).toBe(ms);
});
