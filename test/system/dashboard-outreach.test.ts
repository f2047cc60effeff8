import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { signUp } from "./support/client.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { PHONE, useScreens } from "./support/screens.ts";

/** Ten in the morning in Auckland, on a Wednesday: whom a campaign writes to may be written to. */
const MORNING = Date.parse("2027-02-09T21:00:00Z");

const port = await freePort();
const house = useHouse({ sites: true, at: MORNING, vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);

let business: Business;
let credentials: { email: string; password: string };
const dnaFor = ({ dna }: Business): string => `identity: { niche: plumber, time_zone: Pacific/Auckland }
${dna}
    reactivation: { personalised: false, per_minute: 60, daily_limit: 500, max_opt_out_percent: 50 }
    sniper:
      platforms: [town_board, trademe_jobs]
      keywords: [plumber, drain, hot water]
      negative_keywords: [apprentice, experience]
      geo_filter: []
      max_pages: 3
      delay_s: 0
      sources:
        town_board:
          kind: html_list
          url: ${house.sandbox.url}/board/jobs?page={page}
          permission: { by: own_site, statement: The board is the owner's own. }
          selectors: { item: li.post, title: .post-title a, link: .post-title a, description: .post-text, location: .post-place, phone: .post-phone }
`;

beforeAll(async () => {
  house.sandbox.board.set({ seed: "apex", busy: 1 });
  const { client, ...owner } = await signUp(house.url);
  credentials = owner;
  business = await openBusiness(house, { client });
  await client.putDna(business.project_id, dnaFor(business));
});

const settled = async (page: Page): Promise<void> => {
  await page.locator("main h1").waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
};
/** The same screen in a window of a telephone's width. */
const onPhone = async (page: Page, name: string): Promise<void> => {
  const wide = page.viewportSize();
  await page.setViewportSize(PHONE);
  await screens.expectAccessible(page, `${name} at 360 px`);
  await screens.picture(page, `${name}-360`);
  if (wide !== null) await page.setViewportSize(wide);
};

describe("the hunt", () => {
  it("says where it may look, is started, and shows what it finds, keeps and leaves out", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    await page.getByRole("link", { name: "Hunt", exact: true }).first().click();
    await page.getByText("No hunt yet").waitFor();
    await page.getByText("May be read", { exact: true }).waitFor();
    await page.getByText("No permission", { exact: true }).waitFor();
    await screens.expectAccessible(page, "the hunt, before the first");

    await page.getByRole("button", { name: "Start a hunt" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("trademe jobs").isDisabled()).toBe(true);
    await screens.expectAccessible(page, "starting a hunt");
    await dialog.getByLabel("Score what is found, and ring me about the best").uncheck();
    await dialog.getByRole("button", { name: "Start a hunt" }).click();
    const row = page.getByTestId("hunt-row").first();
    await row.getByText(/\d+ posts · [1-9]\d* new/).waitFor();
    await settled(page);
    await screens.picture(page, "hunt");
    await onPhone(page, "hunt");

    await row.click();
    await page.getByTestId("kept-lead").first().waitFor();
    await page.getByText(/None of your words: \d+/).waitFor();
    expect(await page.getByRole("listitem").filter({ hasText: "None of your words" }).count()).toBeGreaterThan(1);
    await screens.expectAccessible(page, "what a hunt found");
    await screens.picture(page, "hunt-run");
    await onPhone(page, "hunt-run");
    await page.getByTestId("kept-lead").first().click();
    await page.waitForURL(/\/leads\/ent_/);
  });

  it("reads a post that somebody pastes", async () => {
    const page = await screens.visitor(PHONE);
    await screens.signIn(page, credentials, `/${business.project_id}/hunt`);
    await page.getByRole("button", { name: "Paste a post" }).click();
    await page.getByLabel("The post, or many").fill("Need a plumber for a blocked drain in Ponsonby, ring 021 640 1212");
    await page.getByLabel("Where it is from").fill("facebook");
    await screens.expectAccessible(page, "pasting a post at 360 px");
    await page.getByRole("button", { name: "Read it" }).click();
    await page.waitForURL(/\/hunt\/run_/);
    await page.locator("main header").getByText("Done", { exact: true }).waitFor();
  });
});

describe("a campaign", () => {
  const people = Array.from({ length: 8 }, () => phoneNumber());
  beforeAll(async () => {
    const customer = async (phone: string, more: Record<string, unknown> = {}): Promise<unknown> =>
      business.client.ask("POST", "/api/entities", { json: { project_id: business.project_id, entity_type: "lead", name: "Jane Doe", primary_contact: phone, metadata: { phone, status: "completed", service: "Hot water", last_contacted_at: "2025-03-01", ...more } } });
    for (const phone of people) await customer(phone);
    await customer(phoneNumber(), { last_contacted_at: "2027-01-10" });
  });

  it("is looked at before anything is sent, then started, and its results come in", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    await page.getByRole("link", { name: "Reactivate" }).first().click();
    await page.getByText("No campaign yet").waitFor();
    await screens.expectAccessible(page, "campaigns, before the first");
    await page.getByRole("button", { name: "New campaign" }).click();
    await page.getByLabel("How many people, at most").fill("100");
    await screens.expectAccessible(page, "a new campaign");
    await page.getByRole("button", { name: "Prepare a preview" }).click();
    await page.waitForURL(/\/reactivate\/cmp_/);
    await page.getByText("8 people").waitFor();
    await page.getByText("In touch not long ago").waitFor();
    await page.getByTestId("campaign-text").nth(7).waitFor();
    expect(await page.getByTestId("campaign-text").count()).toBe(8);
    expect(people.flatMap((phone) => house.log.textsTo(phone))).toEqual([]);
    await settled(page);
    await screens.expectAccessible(page, "a preview");
    await screens.picture(page, "campaign-preview");
    await onPhone(page, "campaign-preview");

    await page.getByRole("button", { name: "Start sending" }).click();
    await screens.expectAccessible(page, "whether to send");
    await page.getByRole("button", { name: "Send 8 texts" }).click();
    await page.getByText("Being sent", { exact: true }).first().waitFor();
    await page.getByText("8 of 8 sent").waitFor();
    await page.locator("main header").getByText("Done", { exact: true }).waitFor();
    expect(new Set(people.map((phone) => house.log.textsTo(phone).length))).toEqual(new Set([1]));
    await screens.picture(page, "campaign");
    await screens.expectAccessible(page, "a campaign that is over");
    await onPhone(page, "campaign");
    await page.goto(`${screens.url}/${business.project_id}/reactivate`);
    await page.getByTestId("campaign-row").first().waitFor();
    await screens.picture(page, "reactivate");
    await onPhone(page, "reactivate");
  });

  it("that nobody wants is discarded for good", async () => {
    const page = await screens.visitor(PHONE);
    await screens.signIn(page, credentials, `/${business.project_id}/reactivate`);
    await page.getByRole("button", { name: "New campaign" }).click();
    await page.getByRole("button", { name: "Prepare a preview" }).click();
    await page.waitForURL(/\/reactivate\/cmp_/);
    await page.getByText("Nobody is found whom you may write to now.").waitFor();
    expect(await page.getByRole("button", { name: "Start sending" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("button", { name: "Stop for good" }).click();
    await page.getByText("Stopped", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Discard" }).count()).toBe(0);
  });
});

describe("leads", () => {
  const heading = "Name,Mobile,Notes,Last contact";
  const phone = phoneNumber();
  const many = Array.from({ length: 300 }, (_, n) => `Customer ${n},${phoneNumber()},Tap ${n},2025-01-01`);

  it("come in from a file: looked at first, stored by a run, listed as the window shows them, and nobody is rung", async () => {
    const page = await screens.visitor();
    await screens.signIn(page, credentials);
    await page.getByRole("link", { name: "Leads" }).first().click();
    await page.getByRole("button", { name: "Import CSV" }).click();
    await page.getByLabel("A CSV file").setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from([heading, `Wiremu Tapsell,${phone},Boiler,2025-01-01`, "Nobody,12,,", ...many].join("\n")) });
    await page.getByText("301 new, 0 to be joined, 0 known already").waitFor();
    await page.getByText("Row 3: Mobile").waitFor();
    await screens.expectAccessible(page, "a file of leads");
    await screens.picture(page, "leads-import");
    await onPhone(page, "leads-import");
    await page.getByRole("button", { name: "Import 301 leads" }).click();
    await page.getByRole("button", { name: "Done", exact: true }).click();
    await page.getByTestId("lead-row").filter({ hasText: "Customer" }).first().waitFor();
    await page.waitForFunction(() => {
      window.scrollTo(0, document.body.scrollHeight);
      return document.querySelector("li[aria-posinset='250']") !== null;
    });
    expect(await page.getByTestId("lead-row").count()).toBeLessThan(80);
    await screens.picture(page, "leads-long");
    await screens.expectAccessible(page, "a long list");
    expect([...house.log.dials(phone), ...house.log.textsTo(phone)]).toEqual([]);
  });

  it("are written to from their page", async () => {
    const page = await screens.visitor(PHONE);
    await screens.signIn(page, credentials, `/${business.project_id}/leads?q=Wiremu`);
    await page.getByTestId("lead-row").filter({ hasText: "Wiremu" }).click();
    await page.getByRole("button", { name: "Text", exact: true }).click();
    await page.getByLabel("What you want to say").fill("Shall we come on Friday?");
    await screens.expectAccessible(page, "writing to a lead at 360 px");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("Shall we come on Friday?").waitFor();
    expect(house.log.textsTo(phone).map(({ body }) => body)).toEqual(["Shall we come on Friday?"]);
  });
});
