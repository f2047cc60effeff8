import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClock } from "../../core/clock.ts";
import { DialerObject, type DialerTools } from "./dialer.object.ts";
import { MOST_UNDERWAY, UNDERWAY_MS } from "./dials-underway.ts";
import type { LeaseHolder, LeaseRequest } from "./dialer.types.ts";

let accounts = 0;
const BASE = Date.now();

interface Desk {
  dialer: DialerObject;
  /** The time, which the test moves. */
  at: (ms: number) => void;
  /** Who was told of their turn, in order. */
  told: { lead: string; phone: string }[];
  /** When the object will wake, ms; null when it will not. */
  alarmAt: () => Promise<number | null>;
  ask: (lead: string, phones: string[], receivedAt?: number, over?: Partial<LeaseRequest>) => ReturnType<DialerObject["acquire"]>;
}

const holder = (lead: string): LeaseHolder => ({ tenant_id: "ten", project_id: "acme", call_id: lead });

/** A dialer of its own on a real object's storage, with a clock that the test moves. */
const atDesk = async (callsPerSecond: number, work: (desk: Desk) => Promise<void>, { takes = true, closed = false } = {}): Promise<void> => {
  const stub = env.DIALER.getByName(`ACdesk${++accounts}`);
  await runInDurableObject(stub, async (_, ctx) => {
    let now = BASE;
    const told: Desk["told"] = [];
    const tools: DialerTools = {
      clock: { ...createClock(), now: () => now },
      callsPerSecond,
      closed,
      notify: async (to, phone) => {
        told.push({ lead: to.call_id, phone });
        return Promise.resolve(takes);
      },
    };
    const dialer = new DialerObject(ctx, env, tools);
    await work({
      dialer,
      told,
      alarmAt: async () => ctx.storage.getAlarm(),
      at: (ms) => {
        now = BASE + ms;
      },
      ask: async (lead, phones, receivedAt = 0, over = {}) => dialer.acquire({ holder: holder(lead), phones, received_at: receivedAt, ttl_ms: 60_000, ...over }),
    });
  });
};

describe("leases", () => {
  it("give a phone to one holder at a time, and the same one to a holder that asks again", async () => {
    await atDesk(1000, async ({ ask }) => {
      expect(await ask("a", ["+1"])).toEqual({ granted: true, phone: "+1" });
      expect(await ask("a", ["+1"])).toEqual({ granted: true, phone: "+1" });
      expect((await ask("b", ["+1"])).granted).toBe(false);
    });
  });

  it("give the next person's phone when the first one's is taken", async () => {
    await atDesk(1000, async ({ ask }) => {
      await ask("a", ["+1"]);
      expect(await ask("b", ["+1", "+2"])).toEqual({ granted: true, phone: "+2" });
    });
  });

  it("pass on at release, to the freshest lead that waits for that phone", async () => {
    await atDesk(1000, async ({ dialer, ask, told }) => {
      await ask("a", ["+1"], 10);
      await ask("old", ["+1"], 20);
      await ask("fresh", ["+1"], 30);
      await ask("elsewhere", ["+9"], 40);
      await dialer.release(holder("a"));
      expect(told).toEqual([{ lead: "fresh", phone: "+1" }]);
      expect((await ask("old", ["+1"], 20)).granted).toBe(false);
    });
  });

  it("of a free phone are given to another tenant's older lead, however many fresher ones wait for phones that are not", async () => {
    await atDesk(100_000, async ({ dialer, ask, told }) => {
      await ask("crowd-0", ["+1"]);
      for (let call = 1; call <= 1_000; call += 1) await ask(`crowd-${call}`, ["+1"], 1_000 + call);
      expect(await ask("b", ["+2"], 500, { holder: { ...holder("b"), tenant_id: "other" } })).toEqual({ granted: true, phone: "+2" });
      await ask("c", ["+2"], 400, { holder: { ...holder("c"), tenant_id: "other" } });
      await dialer.release({ ...holder("b"), tenant_id: "other" });
      expect(told).toEqual([{ lead: "c", phone: "+2" }]);
    });
  });

  it("end by themselves when their holder has died", async () => {
    await atDesk(1000, async ({ dialer, ask, at, told }) => {
      await ask("dead", ["+1"]);
      await ask("b", ["+1"]);
      at(60_001);
      await dialer.alarm();
      expect(told).toEqual([{ lead: "b", phone: "+1" }]);
    });
  });

  it("live on when renewed, but are not taken from somebody who has the phone by now", async () => {
    await atDesk(1000, async ({ dialer, ask, at }) => {
      await ask("a", ["+1"]);
      dialer.renew(holder("a"), "+1", BASE + 600_000);
      at(300_000);
      expect((await ask("b", ["+1"])).granted).toBe(false);
      at(600_001);
      expect((await ask("b", ["+1"])).granted).toBe(true);
      dialer.renew(holder("a"), "+1", BASE + 9_000_000);
      expect(await ask("b", ["+1"])).toEqual({ granted: true, phone: "+1" });
    });
  });

  it("go back when the call does not want its turn any more", async () => {
    await atDesk(1000, async ({ dialer, ask, told }) => {
      await ask("a", ["+1"]);
      await ask("over", ["+1"]);
      await dialer.release(holder("a"));
      expect(told).toEqual([{ lead: "over", phone: "+1" }]);
    }, { takes: false });
  });

  it("are exchanged for another phone on demand", async () => {
    await atDesk(1000, async ({ ask }) => {
      await ask("a", ["+1", "+2"]);
      expect(await ask("a", ["+2"], 0, { instead: true })).toEqual({ granted: true, phone: "+2" });
      expect((await ask("b", ["+1"])).granted).toBe(true);
    });
  });
});

describe("pace", () => {
  it("lets one dial a second through at one a second, the freshest first", async () => {
    await atDesk(1, async ({ dialer, ask, at, told }) => {
      expect((await ask("first", ["+1"], 1)).granted).toBe(true);
      for (const [lead, phone, receivedAt] of [["b", "+2", 2], ["c", "+3", 3], ["d", "+4", 4]] as const) expect((await ask(lead, [phone], receivedAt)).granted).toBe(false);
      for (const second of [1, 2, 3]) {
        at(second * 1000);
        await dialer.alarm();
      }
      expect(told.map((one) => one.lead)).toEqual(["d", "c", "b"]);
    });
  });

  it("lets nobody through while the service is closed, not even at a release, and looks again whether it is open", async () => {
    await atDesk(1000, async ({ dialer, ask, alarmAt, told }) => {
      expect((await ask("a", ["+1"])).granted).toBe(false);
      await ask("b", ["+2"]);
      await dialer.release(holder("a"));
      await dialer.alarm();
      expect(told).toEqual([]);
      expect(await alarmAt()).not.toBeNull();
    }, { closed: true });
  });

  it("wakes by itself for the next token, and only while somebody waits", async () => {
    await atDesk(0.01, async ({ ask, alarmAt }) => {
      await ask("a", ["+1"]);
      expect(await alarmAt()).toBeNull();
      await ask("b", ["+2"]);
      expect(await alarmAt()).toBe(BASE + 100_000);
    });
  });
});

describe("dials that Twilio has not answered", () => {
  const FAST = 100_000;
  /** As many calls as may be at Twilio at once, each to a phone of its own; the last of them, which waits, last. */
  const fill = async (ask: Desk["ask"]): Promise<boolean[]> => {
    const answers: boolean[] = [];
    for (let call = 0; call <= MOST_UNDERWAY; call += 1) answers.push((await ask(`call-${call}`, [`+${call}`], call)).granted);
    return answers;
  };

  it("are no more than it answers at once; the freshest that waits is next when it has taken one", async () => {
    await atDesk(FAST, async ({ dialer, ask, told }) => {
      expect(await fill(ask)).toEqual([...Array.from({ length: MOST_UNDERWAY }, () => true), false]);
      expect((await ask("fresh", ["+fresh"], 1000)).granted).toBe(false);
      await dialer.claim(holder("call-7"), "CA7");
      expect(told).toEqual([{ lead: "fresh", phone: "+fresh" }]);
      await dialer.claim(holder("call-7"), "CA7");
      expect(told).toHaveLength(1);
      await dialer.release(holder("call-8"));
      expect(told.map(({ lead }) => lead)).toEqual(["fresh", `call-${MOST_UNDERWAY}`]);
    });
  });

  it("of a call that has died give their place up by themselves", async () => {
    await atDesk(FAST, async ({ dialer, ask, told, at, alarmAt }) => {
      await fill(ask);
      expect(await alarmAt()).toBeLessThanOrEqual(BASE + UNDERWAY_MS + 5_000);
      at(UNDERWAY_MS);
      await dialer.alarm();
      expect(told.map(({ lead }) => lead)).toEqual([`call-${MOST_UNDERWAY}`]);
    });
  });

  it("are counted phone by phone where all of a lead's people are rung together", async () => {
    await atDesk(FAST, async ({ dialer, ask, told }) => {
      const slot = async (phone: string) => ask("all", [phone], 0, { holder: { ...holder("all"), slot: phone } });
      await slot("+a");
      await slot("+b");
      for (let call = 2; call <= MOST_UNDERWAY; call += 1) await ask(`call-${call}`, [`+${call}`], call);
      expect(told).toEqual([]);
      await dialer.claim(holder("all"), "CAa");
      expect(told.map(({ lead }) => lead)).toEqual([`call-${MOST_UNDERWAY}`]);
      await ask("late", ["+late"], 0);
      await dialer.release(holder("all"));
      expect(told.map(({ lead }) => lead)).toEqual([`call-${MOST_UNDERWAY}`, "late"]);
    });
  });
});

describe("claims", () => {
  it("tell a call's own Twilio calls from others'", async () => {
    await atDesk(1, async ({ dialer }) => {
      await dialer.claim(holder("a"), "CA1");
      await dialer.claim(holder("b"), "CA2");
      await Promise.resolve();
      expect(dialer.claimedByOthers(holder("a"), ["CA1", "CA2", "CA3"])).toEqual(["CA2"]);
    });
  });
});
