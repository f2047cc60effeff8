import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, postForm, request } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";
import { sealCardLink } from "../../core/security/card-link.ts";

/** The `APEX_JWT_SECRET` of vitest.config.ts. */
const TEST_SECRET = "a-secret-for-tests-0123456789";
let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const linkOf = (tenant_id: string, lead_id: string): string => `/l/${sealCardLink({ tenant_id, lead_id }, TEST_SECRET, Date.now())}`;

describe("a lead card's page", () => {
  it("shows the lead to whoever has the link, escaped, with its phone to tap, and to no cache or search engine", async () => {
    const project = await makeProject();
    const { lead_id } = z.object({ lead_id: z.string() }).parse(await (await postForm(project, { "your-name": "<b>Jane</b>", "your-phone": "021 123 4567", "your-message": '"><script>alert(1)</script>' })).json());
    const answer = await request(linkOf(project.tenant_id, lead_id));
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain("&lt;b&gt;Jane");
    expect(text).toContain('href="tel:+64211234567"');
    expect(text).not.toContain("<script>");
    expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(answer.headers.get("Cache-Control")).toContain("no-store");
    expect(answer.headers.get("X-Robots-Tag")).toContain("noindex");
  });

  it("is 404 for a link that we did not make, another tenant's lead, and a lead that is gone", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    const { lead_id } = z.object({ lead_id: z.string() }).parse(await (await postForm(project, { name: "Jane", phone: "021 123 4567" })).json());
    for (const path of ["/l/x", linkOf(other.tenant_id, lead_id), linkOf(project.tenant_id, "ent_00000000000000000000000000000000")]) expect((await request(path)).status).toBe(404);
    await env.DB.prepare("DELETE FROM entities WHERE id = ?").bind(lead_id).run();
    expect((await request(linkOf(project.tenant_id, lead_id))).status).toBe(404);
  });
});
