import { env } from "cloudflare:workers";
import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { makeProject } from "../../test/support/api.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
const given = { site_url: "sc-domain:acme.example", client_email: "apex@acme.iam.gserviceaccount.com", private_key: privateKey };

describe("a project's Search Console account", () => {
  it("is kept sealed and shown without its key", async () => {
    const project = await makeProject();
    const path = `/api/projects/${project.id}/secrets/search-console`;
    expect((await project.api("GET", path)).status).toBe(404);
    expect((await project.api("PUT", path, given)).status).toBe(204);
    expect(await (await project.api("GET", path)).json()).toEqual({ ...given, private_key: "••••" });
    const row = await env.DB.prepare("SELECT sealed, shown FROM secrets WHERE project_id = ? AND name = 'search_console'").bind(project.id).first();
    expect(JSON.stringify(row)).not.toContain(privateKey.slice(60, 100));
  });

  it.each([
    ["a key that is none", { private_key: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" }, "private_key"],
    ["a property as nobody spells it", { site_url: "acme.example" }, "site_url"],
    ["no account's address", { client_email: "acme" }, "client_email"],
  ])("is refused with %s, and nothing is kept", async (_, over, path) => {
    const project = await makeProject();
    const answer = await project.api("PUT", `/api/projects/${project.id}/secrets/search-console`, { ...given, ...over });
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ path: expect.stringContaining(path) as string }] }]);
    expect((await project.api("GET", `/api/projects/${project.id}/secrets/search-console`)).status).toBe(404);
  });
});
