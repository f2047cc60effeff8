import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, request, signUp } from "../../test/support/api.ts";

const ORIGIN = "https://dashboard.test";

describe("every answer", () => {
  it.each([
    ["an error", "/nowhere"], ["a refusal", "/api/entities"], ["the document", "/openapi.json"], ["health", "/health"], ["a vendor's callback", "/api/voice/whisper"],
  ])("that is data, %s among them, may do nothing in a browser", async (_, path) => {
    const { headers } = await request(path);
    expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY", "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
      "strict-transport-security": expect.stringContaining("max-age=63072000") as string,
    });
  });

  it("of the API is nobody's to keep", async () => {
    const { token } = await signUp();
    expect((await asUser(token)("GET", "/api/entities")).headers.get("Cache-Control")).toBe("no-store");
  });
});

describe("CORS", () => {
  const preflight = async (origin: string): Promise<Response> =>
    request("/api/entities", { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization,content-type" } });

  it.each([ORIGIN, "http://localhost:5173"])("lets pages of the listed origin %s ask, with credentials", async (origin) => {
    const asked = await preflight(origin);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("Access-Control-Allow-Origin")).toBe(origin);
    expect(asked.headers.get("Access-Control-Allow-Credentials")).toBe("true");
    expect(asked.headers.get("Access-Control-Allow-Methods")).toContain("PATCH");
    expect(asked.headers.get("Access-Control-Allow-Headers")).toContain("Authorization");
    const { token } = await signUp();
    const answer = await asUser(token)("GET", "/api/entities", undefined, { Origin: origin });
    expect([answer.headers.get("Access-Control-Allow-Origin"), answer.headers.get("Vary")]).toEqual([origin, expect.stringContaining("Origin")]);
    expect(answer.headers.get("Access-Control-Expose-Headers")).toContain("ETag");
    // An error must be readable too.
    expect((await request("/api/entities", { headers: { Origin: origin } })).headers.get("Access-Control-Allow-Origin")).toBe(origin);
  });

  it.each(["https://evil.example", "null", "https://dashboard.test.evil.example", "https://evil-dashboard.test", "http://dashboard.test", "https://dashboard.test:8443", "https://DASHBOARD.test", "https://dashboard.test/"])("gives pages of %s nothing", async (origin) => {
    for (const answer of [await preflight(origin), await request("/health", { headers: { Origin: origin } })]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(answer.headers.get("Vary")).toContain("Origin");
    }
  });
});

describe("/docs", () => {
  it("shows every operation of /openapi.json, without a script, under a policy that allows its own style only", async () => {
    const answer = await request("/docs");
    const page = await answer.text();
    expect([answer.status, answer.headers.get("Content-Type")]).toEqual([200, expect.stringContaining("text/html")]);
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.object({ summary: z.string() }))) }).parse(await (await request("/openapi.json")).json());
    const missing = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => !page.includes(`<b class="${method}">${method.toUpperCase()}</b> <code>${path}</code>`)).map((method) => `${method} ${path}`));
    expect(missing).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|\son\w+=|style="|src=|https?:\/\//i);
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? "";
    expect(answer.headers.get("Content-Security-Policy")).toContain(`default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${target ?? ""}"`);
  });
});
