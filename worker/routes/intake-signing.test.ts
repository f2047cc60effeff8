import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const answerSchema = z.object({ lead_id: z.string(), status: z.string() });
const leadsSchema = z.object({ items: z.array(z.object({ id: z.string() })) });
const WPFORMS = "a-secret-of-the-plugin";
const STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const now = (): string => String(Math.floor(Date.now() / 1000));
const wpforms = (body: string, at = now()): Record<string, string> => ({ "X-WPForms-Webhook-Signature": `t=${at},v=${createHmac("sha256", WPFORMS).update(`${at}.${body}`).digest("hex")}`, "X-WPForms-Webhook-Id": "7" });
const standard = (body: string, id: string, at = now()): Record<string, string> => ({
  "webhook-id": id, "webhook-timestamp": at,
  "webhook-signature": `v1,${createHmac("sha256", Uint8Array.from(atob(STANDARD.slice(6)), (byte) => byte.charCodeAt(0))).update(`${id}.${at}.${body}`).digest("base64")}`,
});

const post = async (project: TestProject, body: string, headers: Record<string, string> = {}, key = project.keys.wordpress): Promise<Response> =>
  request(`/api/webhooks/wordpress?project_id=${project.id}`, { method: "POST", headers: { "X-Apex-Key": key, "Content-Type": "application/json", ...headers }, body });
const signing = async (scheme: string, secret: string): Promise<TestProject> => {
  const project = await makeProject();
  expect((await project.api("PUT", `/api/projects/${project.id}/secrets/webhook-signing`, { scheme, secret })).status).toBe(204);
  return project;
};
const leadsOf = async (project: TestProject) => leadsSchema.parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;

describe("a WordPress door with a signing secret", () => {
  it.each([["wpforms", WPFORMS, (body: string) => wpforms(body)], ["standard_webhooks", STANDARD, (body: string) => standard(body, crypto.randomUUID())]] as const)("takes what is signed as %s, as ever", async (scheme, secret, sign) => {
    const project = await signing(scheme, secret);
    const body = JSON.stringify({ name: "Jane Doe", phone: "021 123 4567" });
    expect(answerSchema.parse(await (await post(project, body, sign(body))).json()).status).toBe("accepted");
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect(await leadsOf(project)).toHaveLength(1);
  });

  it("answers the same 401 to a missing and a bad signature, a wrong key and an unknown project, and stores nothing", async () => {
    const project = await signing("standard_webhooks", STANDARD);
    const body = JSON.stringify({ name: "Jane Doe", phone: "021 123 4567" });
    const old = String(Number(now()) - 301);
    const answers = [
      await post(project, body),
      await post(project, body, standard(`${body} `, "msg_1")),
      await post(project, body, standard(body, "msg_1", old)),
      await post(project, body, wpforms(body)),
      await post(project, body, standard(body, "msg_1"), "wrong"),
      await post({ ...project, id: "nobodys-project" }, body, standard(body, "msg_1")),
    ];
    const bodies = await Promise.all(answers.map(async (answer) => ({ ...z.record(z.string(), z.unknown()).parse(await answer.json()), request_id: "" })));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(new Set(bodies.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(await leadsOf(project)).toEqual([]);
  });

  it("knows a submission again by its id, however late and whatever it has in it, and rings nobody twice", async () => {
    const project = await signing("standard_webhooks", STANDARD);
    const body = JSON.stringify({ message: "no name, no phone" });
    const first = answerSchema.parse(await (await post(project, body, standard(body, "msg_same"))).json());
    // A sender that got no answer sends again with a new time and signature.
    const again = await Promise.all(["msg_same", "msg_same", "msg_same"].map(async (id) => answerSchema.parse(await (await post(project, body, standard(body, id, String(Number(now()) + 5)))).json())));
    expect(again).toEqual(Array(3).fill({ lead_id: first.lead_id, status: "duplicate" }));
    expect(await leadsOf(project)).toHaveLength(1);
    expect(answerSchema.parse(await (await post(project, body, standard(body, "msg_other"))).json()).status).toBe("accepted");
  });

  it("takes a WPForms submission once, though it names none", async () => {
    const project = await signing("wpforms", WPFORMS);
    const body = JSON.stringify({ message: "no name, no phone" });
    const headers = wpforms(body);
    const [first, second] = [answerSchema.parse(await (await post(project, body, headers)).json()), answerSchema.parse(await (await post(project, body, headers)).json())];
    expect([second.lead_id, second.status]).toEqual([first.lead_id, "duplicate"]);
  });

  it("shows how it is signed and not with what, and needs the key alone once the secret is gone", async () => {
    const project = await signing("wpforms", WPFORMS);
    const path = `/api/projects/${project.id}/secrets/webhook-signing`;
    const shown = await (await project.api("GET", path)).text();
    expect(JSON.parse(shown)).toEqual({ scheme: "wpforms", secret: "••••" });
    expect((await (await makeProject()).api("GET", path)).status).toBe(404);
    expect((await project.api("PUT", path, { scheme: "standard_webhooks", secret: "whsec_short" })).status).toBe(422);
    expect((await project.api("DELETE", path)).status).toBe(204);
    expect((await project.api("DELETE", path)).status).toBe(404);
    expect((await post(project, JSON.stringify({ name: "Jane", phone: "021 123 9999" }))).status).toBe(200);
  });
});
