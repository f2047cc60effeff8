import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeProject, postForm, request, type TestProject } from "../../test/support/api.ts";
import { standInForTwilio, type TwilioWire } from "../../test/support/twilio-wire.ts";

const answerSchema = z.object({ lead_id: z.string(), status: z.enum(["accepted", "duplicate", "test"]) });
const problemSchema = z.object({ status: z.number(), code: z.string(), request_id: z.string(), title: z.string(), detail: z.string(), type: z.string() });
const leadSchema = z.looseObject({ id: z.string(), name: z.string(), primary_contact: z.string(), metadata: z.looseObject({ status: z.string() }) });
const leadsSchema = z.object({ items: z.array(leadSchema) });

let twilio: TwilioWire;
beforeAll(() => {
  twilio = standInForTwilio();
});
afterAll(() => twilio.restore());

const leadsOf = async (project: TestProject) => leadsSchema.parse(await (await project.api("GET", `/api/entities?type=lead&project_id=${project.id}`)).json()).items;

const google = (project: TestProject, over: Record<string, unknown> = {}): string =>
  JSON.stringify({
    lead_id: "Cj0KCQjw-abc123",
    google_key: project.keys.google_ads,
    form_id: 8123456789,
    campaign_id: 20123456789,
    user_column_data: [
      { column_id: "FIRST_NAME", string_value: "Jane" },
      { column_id: "LAST_NAME", string_value: "Doe" },
      { column_id: "PHONE_NUMBER", string_value: "+64 21 123 4567" },
    ],
    ...over,
  });
const postGoogle = async (project: TestProject, body: string): Promise<Response> => request(`/api/webhooks/google-ads?project_id=${project.id}`, { method: "POST", body });

describe("WordPress intake", () => {
  it("stores the lead, rings the owner once and says so", async () => {
    const project = await makeProject();
    const response = await postForm(project, { "your-name": "Jane Doe", "your-phone": "021 123 4567", "your-message": "Burst pipe" });
    expect(response.status).toBe(200);
    const answer = answerSchema.parse(await response.json());
    expect(answer.status).toBe("accepted");
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    const lead = leadSchema.parse(await (await project.api("GET", `/api/entities/${answer.lead_id}`)).json());
    expect(lead).toMatchObject({ name: "Jane Doe", primary_contact: "+64211234567", metadata: { source: "wordpress", phone: "+64211234567", message: "Burst pipe", project_id: project.id } });
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
  });

  it("takes the key from the X-Apex-Key header too", async () => {
    const project = await makeProject();
    const response = await request(`/api/webhooks/wordpress?project_id=${project.id}`, { method: "POST", headers: { "X-Apex-Key": project.keys.wordpress }, body: "name=Jo&phone=021+555+0199" });
    expect(answerSchema.parse(await response.json()).status).toBe("accepted");
  });

  it("makes one lead and one call of twenty copies that arrive at the same moment", async () => {
    const project = await makeProject();
    const copies = await Promise.all(Array.from({ length: 20 }, async () => answerSchema.parse(await (await postForm(project, { name: "Jane", phone: "021 777 8888" })).json())));
    expect(copies.filter((copy) => copy.status === "accepted")).toHaveLength(1);
    expect(new Set(copies.map((copy) => copy.lead_id)).size).toBe(1);
    await twilio.until(() => twilio.dialsTo(project.owner)[0]);
    expect(twilio.dialsTo(project.owner)).toHaveLength(1);
    expect(await leadsOf(project)).toHaveLength(1);
  });

  it("adds new words of a repeated submission to the lead, and the same words only once", async () => {
    const project = await makeProject();
    const first = answerSchema.parse(await (await postForm(project, { name: "Jane", phone: "021 777 1111", message: "My tap drips" })).json());
    for (const message of ["It is worse now", "It is worse now", "My tap drips"]) {
      expect(answerSchema.parse(await (await postForm(project, { name: "Jane", phone: "021 777 1111", message })).json())).toEqual({ lead_id: first.lead_id, status: "duplicate" });
    }
    const [lead] = await leadsOf(project);
    expect(lead?.metadata.message).toBe("My tap drips\nIt is worse now");
  });

  it("takes the e-mail for the person where there is no phone, tells the owner by SMS and rings nobody", async () => {
    const project = await makeProject();
    const form = { name: "No Phone", email: "no.phone@example.nz", message: "Please write" };
    const answer = answerSchema.parse(await (await postForm(project, form)).json());
    expect(answerSchema.parse(await (await postForm(project, form)).json())).toEqual({ lead_id: answer.lead_id, status: "duplicate" });
    const text = await twilio.until(() => twilio.textsTo(project.owner)[0]);
    expect(text.form.get("Body")).toContain("no.phone@example.nz");
    expect((await leadsOf(project))[0]?.metadata.status).toBe("needs_contact");
    expect(twilio.dialsTo(project.owner)).toHaveLength(0);
  });

  it("finds what it needs in fields that the project's DNA names", async () => {
    const project = await makeProject(`modules: {lead_gen: {form_mapping: {name: "feld_a", message: "feld_b"}, sales_bridge: {destination_phone: "+64211009999"}}}`);
    const answer = answerSchema.parse(await (await postForm(project, { feld_a: "Heinz", feld_b: "Rohrbruch im Keller", feld_c: "021 234 5678" })).json());
    const lead = leadSchema.parse(await (await project.api("GET", `/api/entities/${answer.lead_id}`)).json());
    expect(lead).toMatchObject({ name: "Heinz", primary_contact: "+64212345678", metadata: { message: "Rohrbruch im Keller" } });
  });

  it.each([
    ["an empty form", {}],
    ["a form that says nothing of a person", { form_id: "3", "Page URL": "https://x.nz/" }],
  ])("refuses %s with 422 and stores nothing", async (_, fields) => {
    const project = await makeProject();
    expect((await postForm(project, fields)).status).toBe(422);
    expect(await leadsOf(project)).toHaveLength(0);
  });

  it("answers a body over 256 KiB with 413", async () => {
    const project = await makeProject();
    expect((await postForm(project, { name: "x".repeat(300_000) })).status).toBe(413);
  });
});

describe("Google Ads intake", () => {
  it("keeps all digits of 64-bit ids and nothing of the key", async () => {
    const project = await makeProject();
    const body = google(project).replace("20123456789", "9223372036854775807");
    const answer = answerSchema.parse(await (await postGoogle(project, body)).json());
    const text = await (await project.api("GET", `/api/entities/${answer.lead_id}`)).text();
    expect(leadSchema.parse(JSON.parse(text)).metadata).toMatchObject({ campaign_id: "9223372036854775807", form_id: "8123456789", source: "google_ads" });
    expect(text).not.toContain(project.keys.google_ads);
  });

  it("stores each test lead and never rings", async () => {
    const project = await makeProject();
    const test = google(project, { is_test: true });
    const answers = [answerSchema.parse(await (await postGoogle(project, test)).json()), answerSchema.parse(await (await postGoogle(project, test)).json())];
    expect(answers.map((answer) => answer.status)).toEqual(["test", "test"]);
    expect((await leadsOf(project)).map((lead) => lead.metadata.status)).toEqual(["test", "test"]);
    expect(twilio.dialsTo(project.owner)).toHaveLength(0);
  });

  it("takes the same Google lead_id for a duplicate, in one project only", async () => {
    const [one, other] = [await makeProject(), await makeProject()];
    const first = answerSchema.parse(await (await postGoogle(one, google(one))).json());
    expect(answerSchema.parse(await (await postGoogle(one, google(one))).json())).toEqual({ lead_id: first.lead_id, status: "duplicate" });
    expect(answerSchema.parse(await (await postGoogle(other, google(other))).json()).status).toBe("accepted");
  });
});

describe("who may send leads", () => {
  it("answers an unknown project and a wrong key with the same 401", async () => {
    const project = await makeProject();
    const wrong = await request(`/api/webhooks/wordpress?project_id=${project.id}&key=nope`, { method: "POST", body: "name=x" });
    const unknown = await request(`/api/webhooks/wordpress?project_id=nobody&key=nope`, { method: "POST", body: "name=x" });
    const [a, b] = [problemSchema.parse(await wrong.json()), problemSchema.parse(await unknown.json())];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect({ ...a, request_id: "" }).toEqual({ ...b, request_id: "" });
    expect(await leadsOf(project)).toHaveLength(0);
  });

  it("does not take a project's WordPress key for its Google key", async () => {
    const project = await makeProject();
    expect((await postGoogle(project, google(project, { google_key: project.keys.wordpress }))).status).toBe(401);
  });

  it("answers a malformed project id with 422", async () => {
    expect((await request("/api/webhooks/wordpress?project_id=a%20b&key=x", { method: "POST", body: "name=x" })).status).toBe(422);
  });

  it("refuses the old key at once after a rotation", async () => {
    const project = await makeProject();
    const rotated = z.object({ key: z.string() }).parse(await (await project.api("POST", `/api/projects/${project.id}/webhooks/rotate`, { source: "wordpress" })).json());
    expect((await postForm(project, { name: "x", phone: "021 123 4567" })).status).toBe(401);
    expect((await postForm({ ...project, keys: { ...project.keys, wordpress: rotated.key } }, { name: "x", phone: "021 123 4567" })).status).toBe(200);
  });
});
