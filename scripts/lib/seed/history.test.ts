import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../wrangler.ts";
import { BUSINESSES } from "./businesses.data.ts";
import { makeCampaign } from "./campaigns.ts";
import { type History, makeHistory } from "./history.ts";
import { readSeedOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import { inserts } from "./sql.ts";

const until = Date.parse("2026-11-26T05:00:00Z");
const year = (projectId: string, seed = 1): History => {
  const business = BUSINESSES.find((one) => one.projectId === projectId);
  if (business === undefined) throw new Error(`no ${projectId}`);
  return makeHistory(business, { tenantId: "ten_seed", until, seed });
};

describe("a year that has never been", () => {
  let db: DatabaseSync;
  const numberOf = (sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
  const histories = BUSINESSES.map(({ projectId }) => year(projectId));

  beforeAll(() => {
    db = new DatabaseSync(":memory:");
    db.exec("PRAGMA foreign_keys = ON");
    const folder = path.join(ROOT, "migrations");
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".sql")).sort()) db.exec(readFileSync(path.join(folder, file), "utf8"));
    db.exec("INSERT INTO tenants (id, name, created_at) VALUES ('ten_seed', 'x', 1)");
    for (const { projectId, name, country } of BUSINESSES) db.prepare("INSERT INTO projects (id, tenant_id, name, country, created_at) VALUES (?, 'ten_seed', ?, ?, 1)").run(projectId, name, country);
    for (const { statements } of histories) for (const statement of statements) db.exec(statement);
  });

  it("fits the database's own schema, and is all there", () => {
    const sum = (of: (history: History) => number): number => histories.reduce((total, history) => total + of(history), 0);
    expect([numberOf("SELECT count(*) FROM entities"), numberOf("SELECT count(*) FROM calls")]).toEqual([sum(({ leads }) => leads), sum(({ calls }) => calls)]);
    for (const { leads, calls, booked } of histories) {
      expect(leads).toBeGreaterThan(500);
      expect(calls).toBeGreaterThan(leads / 2);
      expect(booked / leads).toBeGreaterThan(0.15);
    }
  });

  it("has seasons, weekends, missed calls, spam and campaigns", () => {
    const leadsIn = (months: string) => numberOf(`SELECT count(*) FROM entities WHERE project_id = 'kauri-plumbing' AND strftime('%m', created_at / 1000, 'unixepoch') IN (${months})`);
    expect(leadsIn("'06', '07', '08'")).toBeGreaterThan(1.3 * leadsIn("'12', '01', '02'"));
    const onDays = (days: string) => numberOf(`SELECT count(*) FROM entities WHERE strftime('%w', created_at / 1000 + 43200, 'unixepoch') IN (${days})`);
    expect(onDays("'1', '2'")).toBeGreaterThan(1.8 * onDays("'6', '0'"));
    for (const condition of ["direction = 'inbound' AND end_reason <> 'connected'", "end_reason = 'connected'", "end_reason = 'owner_no_answer'"]) expect(numberOf(`SELECT count(*) FROM calls WHERE ${condition}`)).toBeGreaterThan(50);
    expect(numberOf("SELECT count(*) FROM entities WHERE status = 'spam'")).toBeGreaterThan(50);
    expect(numberOf("SELECT count(*) FROM campaigns WHERE status = 'completed'")).toBe(6);
    expect(numberOf("SELECT count(*) FROM campaign_recipients WHERE reply IS NOT NULL")).toBeGreaterThan(20);
    expect(numberOf("SELECT sum(cost_micros) FROM usage")).toBeGreaterThan(1_000_000);
  });

  it("has nothing in the future, no call before its lead, and nothing that anybody would still do", () => {
    expect(numberOf(`SELECT count(*) FROM entities WHERE created_at > ${until}`)).toBe(0);
    expect(numberOf("SELECT count(*) FROM calls JOIN entities ON entities.id = calls.lead_id WHERE calls.received_at < entities.created_at")).toBe(0);
    expect(numberOf("SELECT count(*) FROM calls WHERE next_due_at IS NOT NULL OR end_reason IS NULL OR metered_at IS NULL")).toBe(0);
    expect(numberOf("SELECT count(*) FROM runs WHERE next_due_at IS NOT NULL")).toBe(0);
  });

  it("is the same for the same seed, and another for another", () => {
    expect(year("ridgeline-roofing").statements).toEqual(histories[2]?.statements);
    expect(year("ridgeline-roofing", 2).statements).not.toEqual(histories[2]?.statements);
  });
});

describe("chance", () => {
  it("is spread as it says", () => {
    const random = createRandom(7);
    const mean = (make: () => number): number => Array.from({ length: 20_000 }, make).reduce((sum, n) => sum + n, 0) / 20_000;
    expect(mean(random.next)).toBeCloseTo(0.5, 1);
    expect(mean(() => random.count(3))).toBeCloseTo(3, 0);
    expect(mean(() => (random.weighted({ a: 3, b: 1 }) === "a" ? 1 : 0))).toBeCloseTo(0.75, 1);
    expect(mean(() => (random.around(100, 0.5) < 100 ? 1 : 0))).toBeCloseTo(0.5, 1);
  });
});

describe("statements", () => {
  it("quote what they hold, and are small enough for D1", () => {
    expect(inserts("t", [{ a: "it's", b: 1, c: null }])).toEqual(["INSERT INTO t (a, b, c) VALUES\n('it''s', 1, NULL);"]);
    const many = inserts("t", Array.from({ length: 3000 }, (_, i) => ({ a: "x".repeat(100), b: i })));
    expect(many.length).toBeGreaterThan(1);
    expect(Math.max(...many.map((one) => one.length))).toBeLessThan(100_000);
  });
});

describe("options", () => {
  it("are those of npm start, with a seed and an end", () => {
    expect(readSeedOptions(["--seed", "4", "--port", "9000", "--until=2026-11-01"], until)).toMatchObject({ seed: 4, port: 9000, until: Date.parse("2026-11-01T09:00:00Z") });
    expect(readSeedOptions([], until)).toMatchObject({ seed: 1, until, fresh: false });
  });

  it.each([[["--seed", "x"]], [["--until", "soon"]], [["--until", "2030-01-01"]], [["--prot", "1"]]])("refuses %j", (args) => {
    expect(() => readSeedOptions(args, until)).toThrow();
  });
});

it("writes to each number once in a campaign, though two people of the year have the same", () => {
  const [business] = BUSINESSES;
  if (business === undefined) throw new Error("there are businesses");
  const [service] = business.services;
  const at = until - 400 * 86_400_000;
  const customers = ["ent_1", "ent_2"].map((id) => ({ row: {}, asked: { id, at, source: "wordpress", name: "Jo", service, message: "Hello" }, phone: "+6421200000", status: "won", calls: [] }));
  const { recipients } = makeCampaign({ tenantId: "ten_seed", business, random: createRandom(1), until }, customers, 10, false);
  expect(recipients.map(({ phone, lead_id }) => [phone, lead_id])).toEqual([["+6421200000", "ent_2"]]);
});
