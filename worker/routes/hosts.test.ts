import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { fresh, makeProject, type TestProject } from "../../test/support/api.ts";

const hostSchema = z.object({ host: z.string(), kind: z.string(), verified_at: z.string().nullable(), is_primary: z.boolean(), proof: z.object({ type: z.string(), name: z.string(), value: z.string() }).nullable() });
const listSchema = z.object({ items: z.array(hostSchema) });
const nameOf = (): string => `${fresh("pages").replace("_", "-")}.example`;
const put = async (project: TestProject, host: string) => project.api("PUT", `/api/projects/${project.id}/hosts/${host}`);
const verify = async (project: TestProject, host: string) => project.api("POST", `/api/projects/${project.id}/hosts/${host}/verify`);
const codeOf = async (response: Response): Promise<[number, string]> => [response.status, z.object({ code: z.string() }).parse(await response.json()).code];

/** What the DNS says, as its JSON form does; null: it is away. */
let records: Map<string, string[]> | null = new Map();
const standInForDns = (): void => {
  const genuine = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.pathname !== "/dns-query") return genuine(input, init);
    if (records === null) return new Response("", { status: 503 });
    const found = url.searchParams.get("type") === "TXT" ? records.get(url.searchParams.get("name") ?? "") : undefined;
    return Response.json(found === undefined ? { Status: 3 } : { Status: 0, Answer: found.map((data) => ({ type: 16, data })) });
  });
};
afterEach(() => vi.restoreAllMocks());

describe("a host name of one's own", () => {
  it("serves once its DNS says whose it is, and not before", async () => {
    const project = await makeProject();
    const host = nameOf();
    standInForDns();
    records = new Map();
    const asked = hostSchema.parse(await (await put(project, host)).json());
    expect(asked).toMatchObject({ host, kind: "own", verified_at: null, is_primary: false, proof: { type: "TXT", name: `_apex.${host}` } });
    // Asked again, the record to set is the same.
    expect(hostSchema.parse(await (await put(project, host)).json())).toEqual(asked);
    expect(await codeOf(await verify(project, host))).toEqual([409, "host_not_verified"]);
    records.set(`_apex.${host}`, [`"something else"`, `"apex-verify=" "wrong"`]);
    expect(await codeOf(await verify(project, host))).toEqual([409, "host_not_verified"]);
    // In pieces, as long records are.
    const value = asked.proof?.value ?? "";
    records.set(`_apex.${host}`, [`"${value.slice(0, 20)}" "${value.slice(20)}"`]);
    expect(hostSchema.parse(await (await verify(project, host)).json())).toMatchObject({ host, is_primary: true });
    expect(listSchema.parse(await (await project.api("GET", `/api/projects/${project.id}/hosts`)).json()).items).toHaveLength(1);
    const audit = await (await project.api("GET", "/api/audit?action=page_host.verified")).text();
    expect(audit).toContain(host);

    expect((await project.api("DELETE", `/api/projects/${project.id}/hosts/${host}`)).status).toBe(204);
    expect((await project.api("DELETE", `/api/projects/${project.id}/hosts/${host}`)).status).toBe(404);
  });

  it("is not shown by a record that another project was given", async () => {
    const [owner, thief] = [await makeProject(), await makeProject()];
    const host = nameOf();
    standInForDns();
    const { proof } = hostSchema.parse(await (await put(owner, host)).json());
    await put(thief, host);
    records = new Map([[`_apex.${host}`, [`"${proof?.value ?? ""}"`]]]);
    expect(await codeOf(await verify(thief, host))).toEqual([409, "host_not_verified"]);
    expect((await verify(owner, host)).status).toBe(200);
  });

  it("is not decided while the DNS is away", async () => {
    const project = await makeProject();
    const host = nameOf();
    standInForDns();
    await put(project, host);
    records = null;
    const response = await verify(project, host);
    expect(response.status).toBe(502);
  });

  it.each(["pages.localhost", "x.pages.localhost", "apex.test", "dashboard.test", "localhost", "10.0.0.1", "UPPER.example", "a_b.example", "example"])("cannot be %s", async (host) => {
    const project = await makeProject();
    expect((await put(project, host)).status).toBe(422);
  });

  it("is one of ten at most", async () => {
    const project = await makeProject();
    for (let at = 0; at < 10; at++) expect((await put(project, nameOf())).status).toBe(200);
    expect(await codeOf(await put(project, nameOf()))).toEqual([409, "too_many_hosts"]);
  });
});
