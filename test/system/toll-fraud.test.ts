import { expect, it } from "vitest";
import { z } from "zod";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

/* A stranger signs up at a deployment that is open to the internet. */

const house = useHouse({ vars: { APEX_ENV: "production", DASHBOARD_ORIGINS: "https://dashboard.example", APEX_JWT_SECRET: "a-secret-for-a-production-house", APEX_KMS_KEY: "a-key-for-a-production-house-01", OSM_INTERVAL_MS: "1000" } });

it("three calls a day until a phone and an address are verified; what is beyond is held, and no lead is lost", async () => {
  const owner = phoneNumber("0001");
  const business = await openBusiness(house, { destinations: [owner] });
  for (let i = 0; i < 3; i++) {
    const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
    expect((await business.callWhen(lead_id, "ended", ({ status }) => status === "ended")).end_reason).toBe("connected");
  }
  const fourth = await business.submitGoogle({ name: "Fourth", phone: phoneNumber() });
  expect(fourth.status).toBe("accepted");
  const held = await business.callWhen(fourth.lead_id, "held", ({ status }) => status === "held");
  expect(held.end_reason).toBeNull();
  expect((await house.client.entity(fourth.lead_id)).name).toBe("Fourth");
  expect(house.log.dials(owner)).toHaveLength(3);

  // A number of the service's own account is for verified tenants.
  const takeNumber = async (): Promise<number> => (await house.client.ask("PUT", `/api/projects/${business.project_id}/numbers/+6495550177`, { json: {} })).status;
  expect(await takeNumber()).toBe(403);
  const destination = `/api/projects/${business.project_id}/destinations/${owner}`;
  expect((await house.client.ask("POST", `${destination}/verify`, { json: { channel: "sms" } })).status).toBe(202);
  const code = await eventually("the code", async () => Promise.resolve(house.log.textsTo(owner).flatMap(({ body }) => /^(\d{6}) is your Apex code/.exec(body)?.[1] ?? []).at(-1)));
  expect((await house.client.ask("POST", `${destination}/confirm`, { json: { code } })).status).toBe(204);
  expect(await takeNumber()).toBe(403);
  const { email } = (await house.client.ask("GET", "/api/auth/me")).as(z.object({ user: z.object({ email: z.string() }) })).user;
  const token = await eventually("the mail", () => house.sandbox.mailsTo(email).flatMap(({ text }) => /#token=([\w-]+)/.exec(text)?.[1] ?? []).at(-1));
  expect((await house.client.ask("POST", "/api/auth/verify", { json: { token } })).status).toBe(204);

  const fifth = await business.submitGoogle({ phone: phoneNumber() });
  expect((await business.callWhen(fifth.lead_id, "ended", ({ status }) => status === "ended")).end_reason).toBe("connected");
  expect(house.log.dials(owner)).toHaveLength(4);
  expect(await takeNumber()).toBe(204);
  await house.sandbox.idle();
});
