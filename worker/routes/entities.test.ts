import { describe, expect, it } from "vitest";
import { z } from "zod";
import { asUser, makeProject, signUp } from "../../test/support/api.ts";

const idSchema = z.looseObject({ id: z.string() });

describe("entities", () => {
  it("are listed newest first, page by page, without gaps or repeats while rows are being added", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    for (const name of ["a", "b", "c", "d", "e"]) await api("POST", "/api/entities", { entity_type: "note", name });
    const pageSchema = z.object({ items: z.array(z.looseObject({ name: z.string() })), next_cursor: z.string().nullable() });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: z.infer<typeof pageSchema> = pageSchema.parse(await (await api("GET", `/api/entities?type=note&limit=2&cursor=${cursor}`)).json());
      seen.push(...page.items.map((item) => item.name));
      cursor = page.next_cursor;
      await api("POST", "/api/entities", { entity_type: "note", name: "late" });
    }
    expect(seen).toEqual(["e", "d", "c", "b", "a"]);
  });

  it("are found by words of name, contact and message, in any order, and by beginnings; never by another tenant", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    await api("POST", "/api/entities", { entity_type: "lead", name: "Zoë Müller", primary_contact: "+64219876543", metadata: { message: 'Leaking "hot" water' } });
    const found = async (as: typeof api, q: string): Promise<number> => z.object({ items: z.array(z.unknown()) }).parse(await (await as("GET", `/api/entities?q=${encodeURIComponent(q)}`)).json()).items.length;
    for (const q of ["muller zoe", "leak", '"hot"', "+6421987", "water AND", "NEAR("]) expect([q, await found(api, q)]).toEqual([q, q === "water AND" || q === "NEAR(" ? 0 : 1]);
    expect(await found(asUser((await signUp()).token), "leak")).toBe(0);
  });

  it("that are leads have a phone that can be rung, or are refused, and so are changes of it", async () => {
    const project = await makeProject();
    const add = async (phone: string) => project.api("POST", "/api/entities", { project_id: project.id, entity_type: "lead", name: "Jane", metadata: { phone } });
    const added = await (await add("021 555 0199")).json();
    expect(added).toMatchObject({ metadata: { phone: "+64215550199" } });
    const refused = await add("12");
    expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ path: "metadata.phone" }] }]);
    const { id } = idSchema.parse(added);
    expect(await (await project.api("PATCH", `/api/entities/${id}`, { metadata: { phone: "09 631 5540" } })).json()).toMatchObject({ metadata: { phone: "+6496315540" } });
    expect((await project.api("PATCH", `/api/entities/${id}`, { metadata: { phone: "nobody" } })).status).toBe(422);
    expect(await (await project.api("GET", `/api/entities/${id}`)).json()).toMatchObject({ metadata: { phone: "+6496315540" } });
  });

  it("merge metadata as RFC 7396 says, and lists leave the heavy fields out", async () => {
    const { token } = await signUp();
    const api = asUser(token);
    const { id } = idSchema.parse(await (await api("POST", "/api/entities", { entity_type: "lead", name: "x", metadata: { a: 1, b: { c: 2, d: 3 }, raw_payload: "big", call_transcription: "long" } })).json());
    const patched = await (await api("PATCH", `/api/entities/${id}`, { metadata: { a: null, b: { c: 4 }, status: "won" } })).json();
    expect(patched).toMatchObject({ metadata: { b: { c: 4, d: 3 }, status: "won", raw_payload: "big" } });
    expect(patched).not.toHaveProperty("metadata.a");
    const listed = await (await api("GET", "/api/entities?type=lead&status=won")).json();
    expect(listed).toMatchObject({ items: [{ id }] });
    expect(listed).not.toHaveProperty("items.0.metadata.raw_payload");
    expect(listed).not.toHaveProperty("items.0.metadata.call_transcription");
  });
});
