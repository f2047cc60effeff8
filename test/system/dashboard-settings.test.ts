import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { send, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
const house = useHouse({ vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);
const SECTIONS = ["connections", "phones", "hosts", "people", "keys", "usage", "audit", "account", "danger"] as const;

let business: Business;
let credentials: { email: string; password: string };
beforeAll(async () => {
  const { client, ...owner } = await signUp(house.url);
  credentials = owner;
  business = await openBusiness(house, { client });
});

const pathOf = (section: (typeof SECTIONS)[number]): string => `/${business.project_id}/settings?section=${section}`;
const settled = async (page: Page): Promise<void> => {
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
};
/** Signed in, at a section. */
const at = async (section: (typeof SECTIONS)[number]): Promise<Page> => {
  const page = await screens.visitor();
  await screens.signIn(page, credentials, pathOf(section));
  await settled(page);
  return page;
};

describe("every section", () => {
  /** On a wide screen and on a phone, signed in once. */
  const pages: [name: string, page: Page][] = [];
  beforeAll(async () => {
    for (const [name, size] of [["", undefined], ["-360", PHONE]] as const) {
      const page = await screens.visitor(size);
      await screens.signIn(page, credentials, `/${business.project_id}/settings`);
      pages.push([name, page]);
    }
  });
  afterAll(async () => {
    for (const [, page] of pages) await page.context().close();
  });

  it.each(SECTIONS)("%s is usable on a wide screen and on a phone, by keyboard and by whoever hears it", async (section) => {
    for (const [size, page] of pages) {
      const link = page.locator(`main nav a[href$="section=${section}"]`);
      await link.click();
      await link.and(page.locator("[aria-current=page]")).waitFor();
      await settled(page);
      for (const card of await page.locator("main details > summary").all()) await card.click();
      const name = `settings-${section}${size}`;
      await screens.expectAccessible(page, name);
      await screens.picture(page, name);
    }
  });
});

describe("an API key", () => {
  it("is shown once, works, and is refused once it is revoked", async () => {
    const page = await at("keys");
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByLabel("What is it for?").fill("The bookkeeping");
    await page.getByRole("dialog").getByRole("button", { name: "Make a key" }).click();
    await page.getByText("Copy it now: it is shown this once").waitFor();
    const key = (await page.getByRole("dialog").locator("code").textContent()) ?? "";
    expect(key).toMatch(/^apex_/);
    const ask = async () => (await send("GET", `${house.url}/api/entities?project_id=${business.project_id}`, { headers: { Authorization: `Bearer ${key}` } })).status;
    expect(await ask()).toBe(200);
    await screens.expectAccessible(page, "a new key");
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByText("The bookkeeping").waitFor();
    await page.reload();
    await page.getByText("The bookkeeping").waitFor();
    expect(await page.content()).not.toContain(key);

    await page.getByRole("button", { name: "Revoke" }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: "Revoke" });
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("REVOKE");
    await sure.click();
    await page.getByText("No keys yet").waitFor();
    expect(await ask()).toBe(401);
  });
});

describe("a webhook key", () => {
  it("is made anew by whoever means it: the old one is refused at once", async () => {
    const page = await at("connections");
    await page.getByTestId("connection-website_form").locator("summary").first().click();
    await page.getByTestId("connection-website_form").getByRole("button", { name: "Make a new key" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("NEW KEY");
    await page.getByRole("dialog").getByRole("button", { name: "Make a new key" }).click();
    await page.getByText("There is a new key.").waitFor();
    const old = await send("POST", business.webhooks.wordpress.url, { json: { "your-name": "Jane" }, headers: { "X-Apex-Key": business.webhooks.wordpress.key } });
    expect(old.status).toBe(401);
  });
});

describe("a number of one's own", () => {
  it("is given, checked at the vendor, and says what is left to do there", async () => {
    const page = await at("connections");
    const card = page.getByTestId("connection-phone_number");
    await card.locator("summary").click();
    const number = phoneNumber();
    await card.getByLabel("Number").fill(number);
    await card.getByLabel("Account SID").fill(house.sandbox.accountSid);
    await card.getByLabel("Auth token").fill(house.sandbox.authToken);
    await card.getByRole("button", { name: "Add the number" }).click();
    await card.getByRole("button", { name: "Check now" }).click();
    await card.getByText("Something is left to do").waitFor();
    await card.getByText(/goes nowhere/).first().waitFor();
    await screens.expectAccessible(page, "a number that was checked");
    await page.getByText("Calls go out from it").waitFor();
  });
});

describe("a number that is blocked", () => {
  it("is taken off the list again, and the undo puts it back", async () => {
    const page = await at("phones");
    const blocked = phoneNumber();
    await page.getByLabel("Number to block").fill(blocked);
    await page.getByRole("button", { name: "Block", exact: true }).click();
    await page.getByRole("button", { name: `Unblock ${blocked}` }).click();
    await page.getByText("No number is blocked").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: `Unblock ${blocked}` }).waitFor();
  });
});

describe("a phone that leads ring", () => {
  it("is verified by the code that was sent to it", async () => {
    const page = await at("phones");
    await page.getByRole("button", { name: "Text a code" }).click();
    const code = await eventually("the code", async () => Promise.resolve(house.log.textsTo(business.owner).flatMap(({ body }) => /^(\d{6}) is your Apex code/.exec(body)?.[1] ?? []).at(-1)));
    await page.getByRole("dialog").getByLabel("Code", { exact: true }).fill(code === "000000" ? "111111" : "000000");
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await page.getByRole("dialog").getByLabel("Code", { exact: true }).fill(code);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByText(/^Verified/).waitFor();
  });
});

describe("a colleague", () => {
  it("is invited, and the invitation is taken back", async () => {
    const page = await at("people");
    await page.getByLabel("E-mail").fill(`colleague-${port}@example.nz`);
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("button", { name: /^Take back/ }).click();
    await page.getByText("The invitation is refused from now on").waitFor();
    await page.getByRole("button", { name: /^Take back/ }).waitFor({ state: "detached" });
  });

  it("cannot be the last owner to go: the role stays, and it is said why", async () => {
    const page = await at("people");
    const role = page.getByLabel(/^Role of/);
    await role.selectOption("viewer");
    await page.locator("[data-sonner-toast]").waitFor();
    await page.reload();
    await role.waitFor();
    expect(await role.inputValue()).toBe("owner");
  });
});

describe("the audit log", () => {
  it("is found by action, and its chain verified", async () => {
    const page = await at("audit");
    await house.sweep();
    await page.getByRole("button", { name: "Verify the chain" }).click();
    await page.getByText(/^Intact:/).waitFor();
    await page.getByLabel("Action").fill("project.created");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByTestId("audit").getByText(`project:${business.project_id}`).first().waitFor();
    await page.getByLabel("Action").fill("nothing.such");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByText("No entry matches").waitFor();
  });
});

describe("everything that the account has", () => {
  it("is taken along in one archive, and then deleted by whoever types its name", async () => {
    const { client, ...owner } = await signUp(house.url, "Owner");
    const other = await openBusiness(house, { client });
    await other.submitWordPress({ "your-name": "Mere", "your-message": "Hello", "your-phone": asTyped(phoneNumber()) });
    const page = await screens.visitor();
    await screens.signIn(page, owner, `/${other.project_id}/settings?section=danger`);
    await page.getByRole("button", { name: "Make the archive" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toMatch(/^apex-exp_\w+\.tar$/);

    await page.getByRole("button", { name: "Delete the account" }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: "Delete the account" });
    await page.getByRole("dialog").getByRole("textbox").fill("another name");
    expect(await sure.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("Owner");
    await sure.click();
    await page.waitForURL(/sign-in/);
    // Nothing is let in any more at once; who was there is forgotten by a run.
    await eventually("the account to be forgotten", async () => (await send("POST", `${house.url}/api/auth/login`, { json: owner })).status === 401);
  });
});
