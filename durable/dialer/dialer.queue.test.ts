import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openBooks } from "./dialer.queue.ts";
import type { LeaseRequest } from "./dialer.types.ts";

let accounts = 0;
const LATER = Date.now() + 600_000;
/** More of them than were once looked at in one go. */
const MANY = 1_001;

const request = (tenant: string, call: string, phones: string[], receivedAt: number, over: Partial<LeaseRequest> = {}): LeaseRequest => ({
  holder: { tenant_id: tenant, project_id: "acme", call_id: call }, phones, received_at: receivedAt, ttl_ms: 60_000, ...over,
});

interface Desk {
  books: ReturnType<typeof openBooks>;
  again: () => ReturnType<typeof openBooks>;
  sql: SqlStorage;
  /** Rows that the work has read and written. */
  rowsOf: (work: () => void) => number;
}

/** Books in a real object's SQLite. */
const atBooks = async (work: (desk: Desk) => void): Promise<void> => {
  await runInDurableObject(env.DIALER.getByName(`ACbooks${++accounts}`), (_, { storage: { sql } }) => {
    let asked: { rowsRead: number; rowsWritten: number }[] = [];
    const counted = {
      exec: (...args: Parameters<SqlStorage["exec"]>) => {
        const cursor = sql.exec(...args);
        asked.push(cursor);
        return cursor;
      },
    } as unknown as SqlStorage;
    const rowsOf = (step: () => void): number => {
      asked = [];
      step();
      return asked.reduce((sum, { rowsRead, rowsWritten }) => sum + rowsRead + rowsWritten, 0);
    };
    work({ books: openBooks(counted), again: () => openBooks(counted), sql, rowsOf });
  });
};

/** One tenant's call has the phone, and many fresher ones wait for it. */
const crowd = (books: Desk["books"]): void => {
  const [first, ...others] = Array.from({ length: MANY + 1 }, (_, at) => request("crowd", `c${at}`, ["+1"], 1_000 + at));
  if (first) books.grant(first.holder, "+1", LATER);
  for (const one of others) books.wait(one);
};

describe("whose turn it is", () => {
  it("is another tenant's whose phone is free, however many fresher ones wait for one that is not", async () => {
    await atBooks(({ books }) => {
      crowd(books);
      books.wait(request("other", "b", ["+1", "+2"], 500));
      expect(books.next()).toMatchObject({ holder: { tenant_id: "other", call_id: "b" }, phone: "+2" });
    });
  });

  it("is found without looking at all who wait, and asking again costs as little", async () => {
    await atBooks(({ books, rowsOf }) => {
      crowd(books);
      books.wait(request("other", "b", ["+2"], 500));
      expect(rowsOf(() => books.next())).toBeLessThan(20);
      expect(rowsOf(() => books.wait(request("crowd", "c7", ["+1"], 1_007)))).toBeLessThan(20);
      expect(rowsOf(() => books.release(request("crowd", "c0", ["+1"], 0).holder))).toBeLessThan(20);
      expect(books.next()).toMatchObject({ holder: { call_id: `c${MANY}` }, phone: "+1" });
    });
  });

  it("is found at the same cost where many wait for as many phones, as when the pace holds all of them up", async () => {
    await atBooks(({ books, rowsOf }) => {
      for (let call = 0; call < MANY; call += 1) books.wait(request("t", `c${call}`, [`+${call}`], call));
      expect(rowsOf(() => books.next())).toBeLessThan(20);
      expect(rowsOf(() => books.wait(request("t", "late", ["+5", "+6"], 0)))).toBeLessThan(40);
      expect(rowsOf(() => books.grant(request("t", "c5", [], 0).holder, "+5", LATER))).toBeLessThan(20);
      expect(books.next()).toMatchObject({ phone: `+${MANY - 1}` });
    });
  });

  it("is the freshest one's, untried ones' first, as they come, go and are granted", async () => {
    await atBooks(({ books }) => {
      const turns: string[] = [];
      const asks = [request("t", "old", ["+1"], 1), request("t", "tried", ["+2", "+1"], 9, { retry: true }), request("t", "fresh", ["+1", "+2"], 3), request("t", "gone", ["+3"], 5)];
      for (const ask of asks) books.wait(ask);
      books.release(request("t", "gone", [], 0).holder);
      for (let turn = books.next(); turn !== null; turn = books.next()) {
        turns.push(`${turn.holder.call_id} ${turn.phone}`);
        books.grant(turn.holder, turn.phone, LATER);
      }
      expect(turns).toEqual(["fresh +1", "tried +2"]);
      books.release(request("t", "fresh", [], 0).holder);
      expect(books.next()).toMatchObject({ holder: { call_id: "old" }, phone: "+1" });
    });
  });

  it("goes by what a call asks for now, not by what it once did", async () => {
    await atBooks(({ books }) => {
      books.wait(request("t", "a", ["+1"], 1));
      books.wait(request("t", "a", ["+2"], 1));
      books.wait(request("t", "b", ["+1"], 0));
      expect(books.next()).toMatchObject({ holder: { call_id: "a" }, phone: "+2" });
      books.release(request("t", "a", [], 0).holder);
      expect(books.next()).toMatchObject({ holder: { call_id: "b" }, phone: "+1" });
    });
  });

  it("comes to those too who began to wait when the books were kept without their phones", async () => {
    await atBooks(({ books, again, sql }) => {
      books.wait(request("t", "a", ["+1", "+2"], 1));
      sql.exec("DELETE FROM wanted");
      sql.exec("DELETE FROM foremost");
      expect(again().next()).toMatchObject({ holder: { call_id: "a" }, phone: "+1" });
    });
  });
});
