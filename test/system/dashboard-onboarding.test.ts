import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { freePort } from "../../scripts/lib/ports.ts";
import { sampleLink } from "../../scripts/lib/demo/sample.ts";
import { sessionSchema } from "./support/api.schemas.ts";
import { send } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
const house = useHouse({ speed: 4, sites: true, vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);
const PASSWORD = "correct horse battery";
/** Whom the sample's leads ring. */
const OWNER = "+64212229901";

let accounts = 0;
const signUp = async (page: Page): Promise<string> => {
  const email = `newcomer-${port}-${++accounts}@example.nz`;
  await page.getByLabel("Your name").fill("Hana");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create an account" }).click();
  return email;
};
const projectOf = (page: Page): string => new URL(page.url()).pathname.split("/")[1] ?? "";
const goOn = async (page: Page): Promise<void> => page.locator("main footer").getByRole("link").click();

/** Somebody who follows the link that `npm start` prints, up to the review of what was found. */
const begin = async (page: Page): Promise<string> => {
  await page.goto(sampleLink({ dashboardUrl: screens.url, sandboxUrl: house.sandbox.url }));
  const email = await signUp(page);
  await page.getByText("This is a sample business").waitFor();
  await page.getByRole("button", { name: "Read the website" }).click();
  await page.getByRole("heading", { name: "Is this right?" }).waitFor();
  return email;
};

describe("somebody who has never seen it", () => {
  it("onboards the sample business and hears a lead ring, by what is on the screen alone; and is found there again from elsewhere", async () => {
    const page = await screens.visitor();
    await page.goto(sampleLink({ dashboardUrl: screens.url, sandboxUrl: house.sandbox.url }));
    const email = await signUp(page);
    await page.getByText("This is a sample business").waitFor();
    expect(await page.getByLabel("Name of the business").inputValue()).toBe("Kauri Plumbing & Gas");
    await screens.expectAccessible(page, "a new business");
    await screens.picture(page, "new");
    await page.getByRole("button", { name: "Read the website" }).click();
    // A machine may be done before anybody looks.
    await page.getByTestId("reading").filter({ hasText: /\S/ }).or(page.getByRole("heading", { name: "Is this right?" })).first().waitFor();
    await screens.picture(page, "onboarding-reading");

    await page.getByRole("heading", { name: "Is this right?" }).waitFor();
    // What the site says, with the page that says so.
    await page.getByRole("link", { name: /From .*\/sites\/tidy\// }).first().waitFor();
    await page.getByText("Hot water", { exact: false }).first().waitFor();
    await screens.expectAccessible(page, "what was found");
    await screens.picture(page, "onboarding-review");
    expect(house.log.dials(OWNER)).toEqual([]);

    await page.getByRole("link", { name: "This is right" }).click();
    await page.getByRole("button", { name: "Send the form" }).click();
    await page.getByTestId("call-line").waitFor();
    await page.getByText(/It works\. From form to conversation in/).waitFor();
    expect(house.log.dials(OWNER)).toHaveLength(1);
    await screens.expectAccessible(page, "a test call");
    await screens.picture(page, "onboarding-call");

    await goOn(page);
    const google = page.getByTestId("connection-google_ads");
    expect(await google.getAttribute("data-state")).toBe("missing");
    await google.locator("summary").click();
    await google.getByRole("button", { name: "Send a test from here" }).click();
    await google.getByText("Test received").waitFor();
    await screens.expectAccessible(page, "connections");
    await screens.picture(page, "onboarding-connect");

    await goOn(page);
    await page.getByRole("heading", { name: "Kauri Plumbing & Gas is live" }).waitFor();
    await screens.expectAccessible(page, "live");
    await screens.picture(page, "onboarding-live");

    const elsewhere = await screens.visitor(PHONE);
    await screens.signIn(elsewhere, { email, password: PASSWORD }, `/${projectOf(page)}/setup`);
    await elsewhere.getByRole("heading", { name: "Kauri Plumbing & Gas is live" }).waitFor();
  });

  it("is told what is wrong with an answer beside it, and nothing is made of it", async () => {
    const page = await screens.visitor();
    await page.goto(sampleLink({ dashboardUrl: screens.url, sandboxUrl: house.sandbox.url }));
    await signUp(page);
    await page.getByLabel("Phone that leads ring").fill("12345");
    await page.getByRole("button", { name: "Read the website" }).click();
    await page.getByText(/must be a telephone number/).waitFor();
    await page.goto(screens.url);
    await page.waitForURL(/\/new$/);
    // A site that is not there is no harm either: the business is there, and asks.
    await page.getByLabel("Name of the business").fill("Quiet Locks");
    await page.getByLabel("Website").fill(`${house.sandbox.url}/sites/down/`);
    await page.getByLabel("Trade").fill("locksmith");
    await page.getByLabel("Country").selectOption("NZ");
    await page.getByLabel("Phone that leads ring").fill(asTyped(phoneNumber()));
    await page.getByRole("button", { name: "Read the website" }).click();
    await page.getByRole("heading", { name: "Is this right?" }).waitFor();
    await page.getByText(/did not answer/).waitFor();
  });
});

describe("an owner", () => {
  it("corrects what was found: a mistake is told in words and changes nothing; what is right wins and is theirs", async () => {
    const page = await screens.visitor();
    await begin(page);
    const project = projectOf(page);
    await page.getByRole("button", { name: "Change Phone told to customers" }).click();
    await page.getByRole("dialog").getByLabel("Phone told to customers").fill("not a phone");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await page.getByRole("dialog").getByLabel("Phone told to customers").fill("+6495550177");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("+6495550177").waitFor();
    await page.getByText("You corrected this").waitFor();
    await page.getByRole("button", { name: "Change Services" }).click();
    await screens.expectAccessible(page, "correcting services");
    await page.getByRole("dialog").getByLabel("Price from 1", { exact: true }).fill("123");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("from 123", { exact: true }).waitFor();
    // The rings-phone has no button: no page and no correction of a page moves it.
    expect(await page.getByRole("button", { name: "Change Leads ring" }).count()).toBe(0);
    await page.goto(`${screens.url}/${project}/setup?step=live`);
    await page.getByRole("button", { name: "Take it off the air" }).click();
    await page.getByRole("heading", { name: "Kauri Plumbing & Gas is not live yet" }).waitFor();
    await page.getByRole("button", { name: "Go live" }).click();
    await page.getByRole("heading", { name: "Kauri Plumbing & Gas is live" }).waitFor();
  });
});

describe("every step", () => {
  it("is usable on a phone, by keyboard and by whoever hears it", async () => {
    const page = await screens.visitor(PHONE);
    await page.goto(sampleLink({ dashboardUrl: screens.url, sandboxUrl: house.sandbox.url }));
    await signUp(page);
    await page.getByText("This is a sample business").waitFor();
    await screens.expectAccessible(page, "a new business at 360 px");
    await screens.picture(page, "new-360");
    await page.getByRole("button", { name: "Read the website" }).click();
    await page.getByRole("heading", { name: "Is this right?" }).waitFor();
    const project = projectOf(page);
    for (const [step, heading] of [["read", "Reading"], ["review", "Is this right?"], ["connect", "Where do leads come from?"], ["call", "Hear it ring"], ["live", "is live"]] as const) {
      await page.goto(`${screens.url}/${project}/setup?step=${step}`);
      await page.getByRole("heading", { name: heading }).waitFor();
      await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
      for (const card of await page.locator("main details > summary").all()) await card.click();
      await screens.expectAccessible(page, `${step} at 360 px`);
      await screens.picture(page, `onboarding-${step}-360`);
    }
  });
});

describe("a colleague who may only look", () => {
  it("is shown no keys and rings nobody", async () => {
    const owner = await screens.visitor();
    const email = await begin(owner);
    const project = projectOf(owner);
    const { token } = (await send("POST", `${house.url}/api/auth/login`, { json: { email, password: PASSWORD } })).as(sessionSchema);
    const colleague = `viewer-${port}@example.nz`;
    await send("POST", `${house.url}/api/invitations`, { json: { email: colleague, role: "viewer" }, headers: { Authorization: `Bearer ${token}` } });
    const link = await eventually("the invitation", async () => Promise.resolve(house.sandbox.mailsTo(colleague).flatMap(({ text }) => /http:\/\/localhost:\d+\/invitation#token=\S+/.exec(text)?.[0] ?? []).at(-1)));
    const page = await screens.visitor();
    await page.goto(link);
    await screens.expectAccessible(page, "an invitation");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Join" }).click();
    await page.waitForURL(/\/now$/);
    await page.goto(`${screens.url}/${project}/setup?step=connect`);
    await page.getByText("An owner or admin of the account connects these.").waitFor();
    await page.goto(`${screens.url}/${project}/setup?step=call`);
    await page.getByText("An owner or admin of the account can ring a test call.").waitFor();
    await page.goto(`${screens.url}/${project}/settings?section=keys`);
    await page.getByText("An owner or admin of the account sees this.").waitFor();
  });
});
