import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../index.ts";
import { BUSINESSES } from "./businesses.data.ts";
import { SITE_NAMES } from "./index.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const get = async (path: string): Promise<{ status: number; type: string | null; text: string }> => {
  const response = await fetch(`${sandbox.url}${path}`);
  return { status: response.status, type: response.headers.get("Content-Type"), text: await response.text() };
};

describe("the websites", () => {
  test("each has a business and a home page", async () => {
    expect(SITE_NAMES).toEqual(Object.keys(BUSINESSES).toSorted());
    for (const name of SITE_NAMES) expect(await get(`/sites/${name}/`)).toMatchObject({ status: 200, type: "text/html; charset=utf-8" });
  });

  test("serve folders, files and what is missing", async () => {
    expect((await get("/sites/tidy/services/")).text).toContain("Blocked drains");
    expect((await get("/sites/messy/pricelist.pdf")).type).toBe("application/pdf");
    expect((await get("/sites/tidy/none.html")).status).toBe(404);
    expect((await get("/sites/down/")).status).toBe(503);
    expect((await get("/robots.txt")).text).toContain("Disallow: /_sandbox/");
  });

  test.each(["/sites/..%2f..%2findex.ts", "/sites/%2e%2e/%2e%2e/index.ts", "/sites/%E0%A4%A"])("give nothing else away: %s", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
