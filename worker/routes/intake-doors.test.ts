import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { makeProject, postForm, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const lineSchema = z.looseObject({ event: z.string(), route: z.string().optional(), d1_trips: z.number().optional() });
const trips: number[] = [];
let people = 100;

/** How often each form since the last look has asked the database before it was answered. */
const tripsOfForms = (): number[] => trips.splice(0);
beforeAll(() => {
  vi.spyOn(console, "log").mockImplementation((line: unknown) => {
    const { data } = lineSchema.safeParse(JSON.parse(String(line)));
    if (data?.event === "request" && data.route === "/api/webhooks/wordpress") trips.push(data.d1_trips ?? 0);
  });
});
afterAll(() => vi.restoreAllMocks());
afterEach(tripsOfForms);

const leadsSchema = z.object({ items: z.array(z.object({ id: z.string() })) });
const leadsOf = async (project: TestProject): Promise<number> => leadsSchema.parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items.length;
const somebody = () => ({ name: "Jane Doe", phone: `021 55${++people}0`, message: "Burst pipe" });

/** A project by whose door a lead has come in already, so that this isolate remembers it. */
const seenProject = async (dna?: string): Promise<TestProject> => {
  const project = await makeProject(dna);
  expect((await postForm(project, somebody())).status).toBe(200);
  await twilio.until(() => twilio.dialsTo(project.owner)[0]);
  tripsOfForms();
  return project;
};

describe("a door that leads have come in by", () => {
  it("is one trip to the database, and two the first time", async () => {
    const project = await makeProject();
    for (let form = 0; form < 3; form += 1) expect((await postForm(project, somebody())).status).toBe(200);
    expect(tripsOfForms()).toEqual([2, 1, 1]);
    expect(await leadsOf(project)).toBe(3);
  });

  it("is shut to the old key from the moment of its rotation, and open to the new one", async () => {
    const project = await seenProject();
    const rotated = z.object({ key: z.string() }).parse(await (await project.api("POST", `/api/projects/${project.id}/webhooks/rotate`, { source: "wordpress" })).json());
    expect((await postForm(project, somebody())).status).toBe(401);
    expect(await leadsOf(project)).toBe(1);
    const withNewKey = { ...project, keys: { ...project.keys, wordpress: rotated.key } };
    expect((await postForm(withNewKey, somebody())).status).toBe(200);
    expect((await postForm(project, somebody())).status).toBe(401);
    expect(await leadsOf(project)).toBe(2);
  });

  it("refuses a wrong key, and stays as it is for the right one", async () => {
    const project = await seenProject();
    expect((await postForm({ ...project, keys: { ...project.keys, wordpress: "wrong" } }, somebody())).status).toBe(401);
    expect((await postForm(project, somebody())).status).toBe(200);
    expect(await leadsOf(project)).toBe(2);
  });

  it("rings by the DNA of this moment, not by the one that was remembered", async () => {
    const project = await seenProject();
    const successor = "+64211009901";
    const changed = await project.api("PUT", `/api/projects/${project.id}/dna/custom`, `modules: {lead_gen: {sales_bridge: {destination_phone: "${successor}"}}}`, { "Content-Type": "application/yaml" });
    expect(changed.status).toBe(200);
    const before = twilio.dialsTo(project.owner).length;
    expect((await postForm(project, somebody())).status).toBe(200);
    await twilio.until(() => twilio.dialsTo(successor)[0]);
    expect(twilio.dialsTo(project.owner)).toHaveLength(before);
    expect(await leadsOf(project)).toBe(2);
  });

  it("asks for a signature as soon as there is a secret, and for none once it is gone", async () => {
    const project = await seenProject();
    expect((await project.api("PUT", `/api/projects/${project.id}/secrets/webhook-signing`, { scheme: "wpforms", secret: "a-secret-of-the-plugin" })).status).toBe(204);
    expect((await postForm(project, somebody())).status).toBe(401);
    expect((await project.api("DELETE", `/api/projects/${project.id}/secrets/webhook-signing`)).status).toBe(204);
    expect((await postForm(project, somebody())).status).toBe(200);
    expect(await leadsOf(project)).toBe(2);
  });

  it("knows a repeated submission, and adds its words to the lead that is there", async () => {
    const project = await seenProject();
    const form = somebody();
    const first = z.object({ lead_id: z.string() }).parse(await (await postForm(project, form)).json());
    const again = await (await postForm(project, { ...form, message: "It is getting worse" })).json();
    expect(again).toEqual({ lead_id: first.lead_id, status: "duplicate" });
    expect(await leadsOf(project)).toBe(2);
    expect(await (await project.api("GET", `/api/entities/${first.lead_id}`)).json()).toMatchObject({ metadata: { message: "Burst pipe\nIt is getting worse" } });
  });
});
