import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { type Client, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { signatureOf, startReceiver } from "./support/receiver.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
const receiver = await startReceiver();
const house = useHouse({ vars: { DASHBOARD_ORIGINS: `http://localhost:${port}`, EGRESS_ALLOW_HOSTS: receiver.host } });
const screens = useScreens(house, port);
afterAll(() => void receiver.close());

let client: Client;
let business: Business;
let credentials: { email: string; password: string };
beforeAll(async () => {
  const { client: theirs, ...owner } = await signUp(house.url);
  client = theirs;
  credentials = owner;
  business = await openBusiness(house, { client });
});

const open = async (size?: { width: number; height: number }): Promise<Page> => {
  const page = await screens.visitor(size);
  await screens.signIn(page, credentials, `/${business.project_id}/settings?section=webhooks`);
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  return page;
};
const looked = async (page: Page, name: string): Promise<void> => {
  await screens.expectAccessible(page, name);
  await screens.picture(page, name);
};
const endpointSchema = z.object({ id: z.string(), events: z.array(z.string()), project_id: z.string().nullable(), enabled: z.boolean() });
const endpoints = async () => (await client.ask("GET", "/api/webhook-endpoints")).as(z.object({ items: z.array(endpointSchema) })).items;

describe("webhooks in the settings", () => {
  it("begin with nothing, and say what to do", async () => {
    for (const [size, name] of [[undefined, "settings-webhooks-none"], [PHONE, "settings-webhooks-none-360"]] as const) {
      const page = await open(size);
      await page.getByText("Nobody is told yet").waitFor();
      await looked(page, name);
      await page.context().close();
    }
  });

  it("refuse an address that no other program can have, at its field, and keep what was filled in", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByLabel("Address").fill("https://10.0.0.1/hook");
    await page.getByRole("dialog").getByRole("button", { name: "Add an endpoint" }).click();
    await page.locator("[aria-invalid=true]").waitFor();
    expect(await page.getByLabel("Address").inputValue()).toBe("https://10.0.0.1/hook");
    expect(await endpoints()).toEqual([]);
    await looked(page, "settings-webhooks-refused");
  });

  it("are added: the secret is shown once, a test arrives signed by it, and is seen to be delivered", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByLabel("Address").fill(receiver.url);
    await page.getByLabel("What is it for?").fill("The CRM");
    await page.getByLabel("Events of").selectOption(business.project_id);
    await page.getByLabel("A call is over").check();
    await looked(page, "settings-webhooks-add");
    await page.getByRole("dialog").getByRole("button", { name: "Add an endpoint" }).click();
    await page.getByText("Copy the secret now").waitFor();
    const secret = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
    expect(secret).toMatch(/^whsec_/);
    await looked(page, "settings-webhooks-secret");
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByText(receiver.url).waitFor();
    expect(await endpoints()).toEqual([expect.objectContaining({ events: ["lead.created", "call.ended"], project_id: business.project_id, enabled: true })]);

    await page.getByRole("button", { name: "Send a test" }).click();
    const posted = await eventually("the test arrives", () => receiver.posted.find(({ body }) => body.includes("webhook.test")));
    expect(posted.headers["webhook-signature"]).toBe(signatureOf(secret, posted));
    const delivery = page.getByTestId(String(posted.headers["webhook-id"]));
    await delivery.getByText("Delivered").waitFor();
    await delivery.getByText(/HTTP 200/).waitFor();
    await looked(page, "settings-webhooks");

    await page.reload();
    await page.getByText(receiver.url).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it("fail in the open: what the receiver answered, when it is tried again, and the way to send it again", async () => {
    receiver.answers(503);
    const page = await open();
    await page.getByRole("button", { name: "Send a test" }).click();
    const failing = page.locator("li[data-testid^=whd_]").filter({ hasText: "On its way" });
    await failing.getByText(/HTTP 503/).first().waitFor();
    await page.getByText(/^Next attempt/).waitFor();
    await page.getByText(/^Failing since/).waitFor();
    await looked(page, "settings-webhooks-failing");

    receiver.answers(200);
    await page.getByLabel("Status").selectOption("delivered");
    const before = receiver.posted.length;
    await page.getByRole("button", { name: /^Send again: webhook.test/ }).first().click();
    await eventually("it is sent again", () => receiver.posted.length > before);
    await page.getByLabel("What was given up on").selectOption("week");
    await page.getByRole("button", { name: "Send again", exact: true }).last().click();
    await page.getByText(/are on their way again/).waitFor();
  });

  it("get a new secret, are changed, switched off and on again, and go at a word, on a phone too", async () => {
    const page = await open(PHONE);
    await page.getByRole("button", { name: "Deliveries" }).click();
    await page.locator("li[data-testid^=whd_]").first().waitFor();
    await looked(page, "settings-webhooks-360");

    await page.getByRole("button", { name: "New secret" }).click();
    await page.getByRole("button", { name: "Make a new secret" }).click();
    await page.getByText(/^The old one signs too until/).waitFor();
    expect(await page.getByRole("dialog").locator("code").textContent()).toMatch(/^whsec_/);
    await looked(page, "settings-webhooks-secret-360");
    await page.getByRole("button", { name: "I have it" }).click();

    await page.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("A job was given up on").check();
    await looked(page, "settings-webhooks-change-360");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("run.dead").waitFor();

    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Switched off", { exact: true }).waitFor();
    expect(await endpoints()).toEqual([expect.objectContaining({ enabled: false, events: ["lead.created", "call.ended", "run.dead"] })]);
    expect(await page.getByRole("button", { name: "Send a test" }).count()).toBe(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Send a test" }).waitFor();

    await page.getByRole("button", { name: "Remove" }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: "Remove" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("REMOVE");
    await sure.click();
    await page.getByText("Nobody is told yet").waitFor();
    expect(await endpoints()).toEqual([]);
  });
});
