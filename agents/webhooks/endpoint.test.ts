import { describe, expect, it } from "vitest";
import { DAY, deliveriesOf, HOUR, isGenuine, openHouse, untilOver } from "./courier.testing.ts";

describe("an endpoint", () => {
  it("that has failed for five days is switched off, keeps what waits, and sends it once it is on again", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    house.answers(() => new Response("no", { status: 500 }));
    await house.lead();
    await house.sweep();
    house.pass(4.9 * DAY);
    await house.lead();
    await house.sweep();
    expect((await house.store.webhookEndpoints.get(id)).disabled_at).toBeNull();
    house.pass(0.2 * DAY);
    await house.sweep();
    expect(await house.store.webhookEndpoints.get(id)).toMatchObject({ disabled_why: "failing", disabled_at: house.now() });
    expect(await house.memory.housekeeping.untoldEndpoints(200)).toContainEqual({ id, tenant_id: house.store.tenantId });
    expect((await house.store.audit.list({ action: "webhook_endpoint.disabled" }, { limit: 5 })).items).toHaveLength(1);
    // What happens meanwhile is not noted for it.
    await house.lead();
    expect(await deliveriesOf(house, id)).toHaveLength(2);
    house.answers(() => new Response());
    house.pass(DAY);
    expect(await house.sweep()).toBe(0);
    await house.store.webhookEndpoints.change(id, { enabled: true });
    for (let i = 0; i < 3; i++) await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
  });

  it("that has refused one event to the last is not for a single failure days later, and goes on being told", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    house.answers(() => new Response("no", { status: 400 }));
    await house.lead();
    await untilOver(house, id);
    house.pass(3 * DAY);
    await house.lead();
    await house.sweep();
    expect((await house.store.webhookEndpoints.get(id)).disabled_at).toBeNull();
    house.answers(() => new Response());
    await house.lead();
    house.pass(HOUR);
    await house.sweep();
    expect((await deliveriesOf(house, id)).map(({ status }) => status)).toEqual(["delivered", "delivered", "failed"]);
    expect(await house.store.webhookEndpoints.get(id)).toMatchObject({ failing_since: null, failures: 0 });
  });

  it("that is down and has little to be told is, once it has failed for five days in all", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    house.answers(() => new Response("no", { status: 500 }));
    await house.lead();
    await untilOver(house, id);
    house.pass(10 * DAY);
    const again = house.now();
    await house.lead();
    await untilOver(house, id);
    const { disabled_at, disabled_why } = await house.store.webhookEndpoints.get(id);
    expect(disabled_why).toBe("failing");
    // It had failed for a little more than three days before.
    expect(((disabled_at ?? 0) - again) / DAY).toBeGreaterThan(1.8);
    expect(((disabled_at ?? 0) - again) / DAY).toBeLessThan(2.2);
  });

  it("that succeeds now and then is not", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint({ events: ["lead.created"] });
    for (let day = 0; day < 8; day++) {
      house.answers(() => new Response("", { status: day % 3 === 2 ? 200 : 500 }));
      await house.lead();
      house.pass(DAY);
      await house.sweep();
    }
    expect((await house.store.webhookEndpoints.get(id)).disabled_at).toBeNull();
  });

  it("that says it is gone is believed", async () => {
    const house = await openHouse();
    const { id } = await house.endpoint();
    house.answers(() => new Response("", { status: 410 }));
    await house.lead();
    await house.sweep();
    expect((await house.store.webhookEndpoints.get(id)).disabled_why).toBe("gone");
  });

  it("whose secret is replaced is signed for by both for a day", async () => {
    const house = await openHouse();
    const { id, secret } = await house.endpoint({ events: ["lead.created"] });
    const renewed = `whsec_${btoa("n".repeat(32))}`;
    await house.store.webhookEndpoints.replaceSecret(id, await house.vault.seal(renewed, { tenant_id: house.store.tenantId, project_id: null, name: `webhook_out:${id}` }));
    const signers = async (): Promise<boolean[]> => {
      await house.lead();
      await house.sweep();
      const last = house.posted.at(-1);
      return last === undefined ? [] : Promise.all([secret, renewed].map(async (one) => isGenuine(one, last, house.now())));
    };
    expect(await signers()).toEqual([true, true]);
    house.pass(DAY);
    expect(await signers()).toEqual([false, true]);
  });

  it("has one courier, however often it is asked for", async () => {
    const house = await openHouse();
    await house.endpoint();
    await house.lead();
    const opened = await Promise.all([1, 2, 3, 4].map(async () => house.store.webhookEndpoints.openCouriers(0)));
    expect(opened.flat()).toHaveLength(1);
  });
});
