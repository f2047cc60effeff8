import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { send, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
// Telephones at a pace that a person could follow.
const house = useHouse({ speed: 4, vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);

let business: Business;
let credentials: { email: string; password: string };
beforeAll(async () => {
  const { client, ...owner } = await signUp(house.url);
  credentials = owner;
  business = await openBusiness(house, { client });
});

describe("somebody new", () => {
  it("signs up, adds a business, and is still signed in after a reload", async () => {
    const page = await screens.visitor();
    await page.goto(screens.url);
    await page.waitForURL(/sign-in/);
    await screens.expectAccessible(page, "sign in");
    await page.getByRole("link", { name: "Create an account" }).click();
    await page.getByLabel("Your name").fill("Hana");
    await page.getByLabel("E-mail").fill(`hana-${port}@example.nz`);
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByRole("heading", { name: "Add a business" }).waitFor();
    await screens.expectAccessible(page, "the first business");
    await page.getByLabel("Name of the business").fill("Hana's Locks");
    await page.getByLabel("Trade").fill("locksmith");
    await page.getByLabel("Country").selectOption("NZ");
    await page.getByLabel("Phone that leads ring").fill(asTyped(phoneNumber()));
    await page.getByRole("button", { name: "Set it up" }).click();
    await page.waitForURL(/\/setup/);
    await page.getByRole("heading", { name: "Is this right?" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "Is this right?" }).waitFor();
    await page.getByRole("link", { name: "Now", exact: true }).first().click();
    await page.getByText("No call in progress").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
  });

  it("is told in words what was wrong, and where to find it", async () => {
    const page = await screens.visitor();
    await page.goto(`${screens.url}/sign-in`);
    await page.getByLabel("E-mail").fill("nobody@example.nz");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toMatch(/Request req_/);
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await page.getByRole("link", { name: "Back to sign in" }).click();
    await page.getByRole("heading", { name: "Sign in to Apex" }).waitFor();
  });
});

describe("a form", () => {
  it("moves a line from the form to the conversation, and becomes a call that plays", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    const { lead_id } = await business.submitGoogle({ name: "Aroha Williams", phone: asTyped(phoneNumber()), service: "Hot water", city: "Auckland" });
    const line = page.getByTestId("call-line");
    await line.getByText("Aroha Williams").waitFor();
    await line.getByText("Connected", { exact: true }).first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid="call-line"] li[data-reached="true"]').length === 6);
    await screens.picture(page, "now");
    await screens.expectAccessible(page, "now");
    await business.analysed(lead_id);
    await line.click();
    await page.getByTestId("transcript").getByRole("button").first().waitFor();
    await page.getByRole("button", { name: "Play" }).waitFor();
    await screens.picture(page, "call");
    await screens.expectAccessible(page, "call");
    await page.getByTestId("transcript").getByRole("button").nth(1).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>('input[type="range"]')?.value) > 0);
    await page.getByRole("button", { name: "Delete recording" }).click();
    await page.getByLabel("DELETE", { exact: true }).fill("DELETE");
    await page.getByRole("dialog").getByRole("button", { name: "Delete recording" }).click();
    await page.getByText("No recording", { exact: true }).waitFor();
    expect(await page.getByTestId("transcript").getByRole("button").count()).toBeGreaterThan(0);
    await page.getByRole("link", { name: "Calls", exact: true }).first().click();
    await page.getByRole("listitem").filter({ hasText: "Aroha Williams" }).first().waitFor();
  });
});

describe("two people", () => {
  it("see each other's changes, and no other tenant's", async () => {
    const [mine, theirs] = [await screens.visitor(), await screens.visitor(PHONE)];
    const { lead_id } = await business.submitGoogle({ name: "Mere Ngata" });
    for (const page of [mine, theirs]) {
      await screens.signIn(page, credentials, `/${business.project_id}/leads/${lead_id}`);
      await page.getByRole("heading", { name: "Mere Ngata" }).waitFor();
    }
    await theirs.getByText("Live", { exact: true }).waitFor({ state: "attached" });
    await mine.getByRole("button", { name: "Mark booked" }).click();
    await mine.getByLabel("Amount").fill("450");
    await mine.getByRole("button", { name: "Save" }).click();
    await theirs.getByText("Booked for 450").waitFor();
    await theirs.getByRole("button", { name: "Change amount" }).waitFor();
    await screens.expectAccessible(theirs, "a lead on a phone");
  });

  it("go on where they were after the connection was lost", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    await page.getByRole("link", { name: "Leads" }).first().click();
    await page.context().setOffline(true);
    await business.submitGoogle({ name: "While they slept" });
    await page.context().setOffline(false);
    await page.getByTestId("lead-row").filter({ hasText: "While they slept" }).waitFor();
  });
});

describe("a job that failed", () => {
  it("shows what each attempt failed of, on a phone too", async () => {
    const answer = await business.client.ask("POST", "/api/run", { json: { project_id: business.project_id, task: "sales_agent", action: "notify_sms", params: { lead_id: "ent_nobody" } }, headers: { Prefer: "wait=20" } });
    expect(answer.as(z.object({ status: z.string() })).status).toBe("failed");
    for (const visitor of [await screens.visitor(), await screens.visitor(PHONE)]) {
      await screens.signIn(visitor, credentials, `/${business.project_id}/runs`);
      await visitor.getByRole("link", { name: /Text the owner about a lead/ }).first().click();
      await visitor.getByRole("heading", { name: "Attempts that failed" }).waitFor();
      await visitor.getByText("Where in the code").click();
      await visitor.locator("details[open] pre", { hasText: /:\d+/ }).waitFor();
      await screens.expectAccessible(visitor, "a job that failed");
      await screens.picture(visitor, `run-failed-${visitor.viewportSize()?.width ?? 0}`);
    }
  });
});

describe("a stranger", () => {
  it("is shown nothing of a business by its address", async () => {
    const page = await screens.visitor();
    const email = `stranger-${port}@example.nz`;
    await send("POST", `${house.url}/api/auth/signup`, { json: { email, password: "correct horse battery" } });
    await page.goto(`${screens.url}/sign-in?to=/${business.project_id}/leads`);
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill("correct horse battery");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").first().waitFor();
    expect(await page.getByTestId("lead-row").count()).toBe(0);
    // They have no business of their own yet.
    await page.getByRole("link", { name: "Go to Now" }).click();
    await page.getByRole("heading", { name: "Add a business" }).waitFor();
  });
});

describe("every screen", () => {
  it.each(["now", "leads", "calls", "runs"])("%s is usable on a phone, by keyboard and by whoever hears it", async (name) => {
    const page = await screens.visitor(PHONE);
    await screens.signIn(page, credentials, `/${business.project_id}/${name}`);
    await page.locator("main h1").waitFor({ state: "attached" });
    await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    await screens.expectAccessible(page, `${name} at 360 px`);
    await screens.picture(page, `${name}-360`);
  });

  it("is reached by the palette, and lists by j and k", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder(/Go to or do/).fill("Leads");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/leads$/);
    // Closing, it gives the focus back to where it was.
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByTestId("lead-row").first().waitFor();
    await eventually("a row to have the focus", async () => {
      await page.keyboard.press("j");
      return (await page.locator('[data-testid="lead-row"]:focus').count()) > 0;
    });
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/leads\/ent_/);
    await screens.picture(page, "lead");
  });
});
