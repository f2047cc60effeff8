import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createClock } from "../../core/clock.ts";
import { systemActor } from "../../core/memory/actor.ts";
import { createMemory } from "../../core/memory/memory.ts";
import { asUser, makeProject, type TestProject } from "../../test/support/api.ts";

const memory = createMemory({ d1: env.DB, clock: createClock() });

const listSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), lead: z.object({ name: z.string(), phone: z.string().nullable() }).nullable() })) });

const addLead = async (project: TestProject, lead: { name: string; metadata: Record<string, string> }): Promise<string> =>
  z.object({ id: z.string() }).parse(await (await project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", ...lead })).json()).id;

const addCall = async (project: TestProject, leadId: string): Promise<string> => (await memory.for(project.tenant_id, systemActor("test")).calls.openFor({ id: leadId, project_id: project.id }, 60_000)).id;

const listedBy = async (api: TestProject["api"], project: TestProject) => listSchema.parse(await (await api("GET", `/api/calls?project_id=${project.id}`)).json()).items.map(({ id, lead }) => ({ id, lead }));

describe("a list of calls", () => {
  it("says who the customer of each is, and nothing of somebody who is not there any more or is another tenant's", async () => {
    const [project, other] = [await makeProject(), await makeProject()];
    const named = await addCall(project, await addLead(project, { name: "Aroha Williams", metadata: { phone: "+64211230001" } }));
    const unnamed = await addCall(project, await addLead(project, { name: "", metadata: {} }));
    const foreign = await addCall(project, await addLead(other, { name: "Not theirs", metadata: { phone: "+64211230002" } }));
    const gone = await addCall(project, "ent_gone");
    expect(await listedBy(project.api, project)).toEqual([
      { id: gone, lead: null },
      { id: foreign, lead: null },
      { id: unnamed, lead: { name: "", phone: null } },
      { id: named, lead: { name: "Aroha Williams", phone: "+64211230001" } },
    ]);
  });

  it("tells a key that may not read leads of calls alone", async () => {
    const project = await makeProject();
    await addCall(project, await addLead(project, { name: "Aroha Williams", metadata: { phone: "+64211230001" } }));
    const made = await project.api("POST", "/api/api-keys", { name: "calls", scopes: ["calls:read"] });
    const { key } = z.object({ key: z.string() }).parse(await made.json());
    expect((await listedBy(asUser(key), project)).map(({ lead }) => lead)).toEqual([null]);
  });
});
