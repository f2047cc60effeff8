import { describe, expect, it } from "vitest";
import { request } from "../../test/support/api.ts";

describe("the WordPress helper plugin", () => {
  it("is had without an account, as a file and not as a page", async () => {
    const answer = await request("/downloads/apex-pages.php");
    expect([answer.status, answer.headers.get("Content-Disposition"), answer.headers.get("Content-Type")]).toEqual([200, 'attachment; filename="apex-pages.php"', "application/octet-stream"]);
    expect(await answer.text()).toMatch(/^<\?php\n[\s\S]*Plugin Name: Apex pages/);
  });
});
