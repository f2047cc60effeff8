import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { makeProject, signUp } from "../../test/support/api.ts";
import { createClock } from "../clock.ts";
import { systemActor } from "./actor.ts";
import { openDatabases } from "./databases.ts";
import { createMemory } from "./memory.ts";

/* A region whose first database is closed to new tenants: those who were there stay, the others go to the second. */

const clock = createClock();
let now = Date.now();
const bound = [{ name: "DB", d1: env.DB }, { name: "DB_2", d1: env.SECOND }];
const memory = createMemory({ databases: bound, clock: { now: () => now, toRealTime: (ms) => ms } });
const of = (tenantId: string) => memory.for(tenantId, systemActor("test"));
const nobody = { ip: null, request_id: null };

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await applyD1Migrations(env.SECOND, env.TEST_MIGRATIONS);
});

let people = 0;
const newcomer = async () => memory.directory.signUp({ email: `newcomer-${++people}@x.nz`, name: "Newcomer", password_hash: "x" }, nobody);
const newProject = async (tenantId: string, id: string) => of(tenantId).projects.create({ id, name: "Acme", country: "NZ", keys: [{ source: "wordpress", key_hash: `hash of ${id}`, key_sealed: "sealed" }] });
const rowsOf = async (tenantId: string): Promise<[first: number, second: number]> => {
  const count = async (d1: D1Database) => Number(await d1.prepare("SELECT (SELECT count(*) FROM tenants WHERE id = ?1) + (SELECT count(*) FROM users WHERE tenant_id = ?1) + (SELECT count(*) FROM projects WHERE tenant_id = ?1) + (SELECT count(*) FROM entities WHERE tenant_id = ?1) + (SELECT count(*) FROM audit WHERE tenant_id = ?1) AS n").bind(tenantId).first("n"));
  return [await count(env.DB), await count(env.SECOND)];
};
const codeOf = async (promise: Promise<unknown>) => promise.then(() => "done", (error: unknown) => (error as { code?: string }).code);

describe("tenants on two databases", () => {
  it("are where their id says, with every row of theirs", async () => {
    const old = await makeProject();
    const { tenant_id } = await newcomer();
    expect(tenant_id).toMatch(/^ten_[0-9a-f]{32}_2$/);
    const project = await newProject(tenant_id, "second-1");
    const lead = await of(tenant_id).entities.create({ project_id: project.id, entity_type: "lead", name: "Jane", primary_contact: "+64211234567", metadata: { phone: "+64211234567", status: "new" } });
    await of(old.tenant_id).entities.create({ project_id: old.id, entity_type: "lead", name: "John", primary_contact: "+64211234568", metadata: { phone: "+64211234568", status: "new" } });
    expect((await rowsOf(tenant_id))[0]).toBe(0);
    expect((await rowsOf(tenant_id))[1]).toBeGreaterThanOrEqual(5);
    expect((await rowsOf(old.tenant_id))[0]).toBeGreaterThanOrEqual(5);
    expect((await rowsOf(old.tenant_id))[1]).toBe(0);
    // And nobody reaches the other's, in whichever database they are.
    expect(await codeOf(of(old.tenant_id).entities.get(lead.id))).toBe("entity_not_found");
    expect(await codeOf(of(tenant_id).projects.get(old.id))).toBe("project_not_found");
  });

  it("are found by whatever names them: address, session, key, number, project, host", async () => {
    const old = await makeProject();
    const user = await newcomer();
    const project = await newProject(user.tenant_id, "second-2");
    expect((await memory.directory.userByEmail(user.email))?.tenant_id).toBe(user.tenant_id);
    expect((await memory.directory.user(user.id))?.email).toBe(user.email);
    expect((await memory.directory.project(project.id))?.tenant_id).toBe(user.tenant_id);
    expect((await memory.directory.project(old.id))?.tenant_id).toBe(old.tenant_id);
    await of(user.tenant_id).numbers.put(project.id, "+6495550111", null, null);
    expect((await memory.directory.numberOwner("+6495550111"))?.project_id).toBe(project.id);
    await of(user.tenant_id).apiKeys.create({ user_id: user.id, name: "ci", prefix: "apex_x", key_hash: "a-hash", scopes: ["leads:read"], expires_at: null });
    expect((await memory.identity.callerByKey("a-hash"))?.tenant_id).toBe(user.tenant_id);
    await of(user.tenant_id).pageHosts.takeSubdomain(project.id, "second-2.pages.test");
    expect((await memory.hosting.lookUp("second-2.pages.test", "/"))?.site.project.id).toBe(project.id);
    expect(await memory.directory.userByEmail("nobody@x.nz")).toBeUndefined();
    expect(await memory.hosting.lookUp("nobody.pages.test", "/")).toBeNull();
  });

  it("have the sweep's care while the other database is away, and an error says so when none is there", async () => {
    const { tenant_id } = await newcomer();
    const project = await newProject(tenant_id, "second-away");
    const lead = await of(tenant_id).entities.create({ project_id: project.id, entity_type: "lead", name: "Due", primary_contact: "+64211234567", metadata: { phone: "+64211234567", status: "new" } });
    const duty = await of(tenant_id).calls.openFor({ id: lead.id, project_id: project.id }, -1);
    const away = { prepare: () => { throw new Error("D1 is away"); } } as unknown as D1Database;
    const onlySecond = createMemory({ databases: [{ name: "DB", d1: away }, { name: "DB_2", d1: env.SECOND }], clock });
    expect((await onlySecond.directory.dueCalls(100)).map(({ id }) => id)).toContain(duty.id);
    const none = createMemory({ databases: [{ name: "DB", d1: away }, { name: "DB_2", d1: away }], clock });
    await expect(none.directory.dueCalls(100)).rejects.toThrow("D1 is away");
  });

  it("have the sweep's care alike", async () => {
    const old = await makeProject();
    const { tenant_id } = await newcomer();
    const project = await newProject(tenant_id, "second-3");
    const duties: string[] = [];
    for (const [tenantId, projectId] of [[old.tenant_id, old.id], [tenant_id, project.id]] as const) {
      const lead = await of(tenantId).entities.create({ project_id: projectId, entity_type: "lead", name: "Due", primary_contact: "+64211234567", metadata: { phone: "+64211234567", status: "new" } });
      duties.push((await of(tenantId).calls.openFor({ id: lead.id, project_id: projectId }, -1)).id);
    }
    expect((await memory.directory.dueCalls(100)).map(({ id }) => id)).toEqual(expect.arrayContaining(duties));
    expect((await Promise.all(memory.housekeepings.map(async (one) => one.projectsDue("context", "2026-11-26", 100)))).flat().map(({ id }) => id)).toEqual(expect.arrayContaining([old.id, project.id]));
    expect((await memory.operations.troubles({ since: 0, overdueSince: now + 1 })).overdue).toBeGreaterThanOrEqual(2);
  });

  it("fail loudly, and write nothing, where a database is not bound", async () => {
    const { tenant_id } = await newcomer();
    const onlyFirst = createMemory({ d1: env.DB, clock });
    expect(() => onlyFirst.for(tenant_id, systemActor("test"))).toThrow(/DB_2 .* is not bound/);
    // An id that merely looks a little like it is no way to choose a database.
    for (const id of ["ten_2", "ten_x_2", `ten_${"a".repeat(32)}_0`, `ten_${"a".repeat(32)}_2_2`]) expect(openDatabases(bound).of(id).name).toBe("DB");
  });
});

describe("a name that is had once", () => {
  it("is refused when somebody in the other database has it, from before there were two", async () => {
    const old = await makeProject();
    const { email } = await signUp();
    const { tenant_id } = await newcomer();
    expect(await codeOf(newProject(tenant_id, old.id))).toBe("project_taken");
    expect(await codeOf(memory.directory.signUp({ email, name: "x", password_hash: "x" }, nobody))).toBe("email_taken");
    await newProject(tenant_id, "second-4");
    expect(await of(old.tenant_id).numbers.put(old.id, "+6495550222", null, null)).toBe(true);
    expect(await of(tenant_id).numbers.put("second-4", "+6495550222", null, null)).toBe(false);
    expect(await codeOf(newProject(old.tenant_id, "second-4"))).toBe("project_taken");
  });

  it("goes to one of two who ask in both databases at the same moment", async () => {
    const old = await makeProject();
    const { tenant_id } = await newcomer();
    for (let round = 0; round < 5; round += 1) {
      const id = `contested-${round}`;
      const outcomes = await Promise.all([codeOf(newProject(old.tenant_id, id)), codeOf(newProject(tenant_id, id))]);
      expect(outcomes.toSorted()).toEqual(["done", "project_taken"]);
    }
  });

  it("is free again once its holder does not use it, without being given back; not while they may still be writing", async () => {
    const old = await makeProject();
    const { tenant_id } = await newcomer();
    const project = await newProject(tenant_id, "second-5");
    expect(await of(old.tenant_id).numbers.put(old.id, "+6495550333", null, null)).toBe(true);
    await of(old.tenant_id).numbers.remove(old.id, "+6495550333");
    expect(await of(tenant_id).numbers.put(project.id, "+6495550333", null, null)).toBe(false);
    now += 61_000;
    expect(await of(tenant_id).numbers.put(project.id, "+6495550333", null, null)).toBe(true);
  });

  it("of a business's own host goes to whoever shows it last, across databases", async () => {
    const old = await makeProject();
    const { tenant_id } = await newcomer();
    await newProject(tenant_id, "second-6");
    const host = "www.plumber.example";
    for (const [tenantId, projectId] of [[old.tenant_id, old.id], [tenant_id, "second-6"]] as const) {
      await of(tenantId).pageHosts.ask(projectId, host);
      await of(tenantId).pageHosts.verified(projectId, host);
    }
    expect((await memory.hosting.lookUp(host, "/"))?.site.project.id).toBe("second-6");
    expect((await of(old.tenant_id).pageHosts.list(old.id)).map(({ verified_at }) => verified_at)).toEqual([null]);
  });
});
