import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { BUSINESSES, dnaOf } from "../../scripts/lib/seed/businesses.data.ts";
import { type History, makeHistory } from "../../scripts/lib/seed/history.ts";
import { localDatabase } from "../../scripts/lib/seed/local-database.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { signUp } from "./support/client.ts";
import { useHouse } from "./support/house.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
const house = useHouse({ interrupted: true, vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);
const [seeded] = BUSINESSES;
if (seeded === undefined) throw new Error("no business");
/** A third of the leads that `npm run seed` gives it: each hour that has any is rolled up here. */
const business = { ...seeded, leadsADay: 2 };
const { projectId } = business;

let credentials: { email: string; password: string };
let history: History;

/** A business with a year behind it, as `npm run seed` makes it, rolled up. */
beforeAll(async () => {
  const { client, tenant_id, ...owner } = await signUp(house.url);
  credentials = owner;
  await client.createProject({ project_id: projectId, name: business.name, country: business.country });
  await client.putDna(projectId, dnaOf(business));
  await client.createProject({ project_id: "nothing-yet", name: "Nothing Yet", country: "NZ" });
  history = makeHistory(business, { tenantId: tenant_id, until: Date.now(), seed: 1 });
  await house.kill();
  const database = localDatabase(house.stateDir);
  await database.run(history.statements);
  await house.restart();
  while (database.hoursToRollUp(Date.now()) > 0) await house.sweep();
}, 600_000);

const open = async (size?: { width: number; height: number }, search = "?period=year", project = projectId) => {
  const page = await screens.visitor(size);
  await screens.signIn(page, credentials, `/${project}/reports${search}`);
  await page.locator("main h1").waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  return page;
};

describe("reports", () => {
  it("show a year, beside the one before, to those who see it and those who hear it", async () => {
    const page = await open();
    await page.getByTestId("plot").locator("canvas").waitFor();
    await screens.picture(page, "reports");
    await screens.expectAccessible(page, "reports");
    await page.getByText("As a table").click();
    const rows = page.getByRole("region", { name: "Over time" }).getByRole("row");
    expect(await rows.count()).toBeGreaterThan(50);
    // Spam is in no figure.
    const total = Number((await page.locator("dl dd").first().locator("span").first().innerText()).replace(/\D/g, ""));
    expect(total).toBeGreaterThan(history.leads * 0.9);
    expect(total).toBeLessThan(history.leads);
    for (const view of ["Response time", "Connected", "Revenue"]) {
      await page.getByRole("tab", { name: view }).click();
      await page.getByRole("img", { name: view }).locator("canvas").waitFor();
    }
    await page.getByRole("tab", { name: "Response time" }).click();
    await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
    await page.getByTestId("plot").locator("canvas").waitFor();
    await screens.expectAccessible(page, "reports in the dark");
    await screens.picture(page, "reports-dark");
  });

  it("are usable on a phone", async () => {
    const page = await open(PHONE, "?period=quarter");
    await page.getByTestId("plot").locator("canvas").waitFor();
    await screens.expectAccessible(page, "reports at 360 px");
    await screens.picture(page, "reports-phone");
    await page.getByRole("heading", { name: "By source" }).scrollIntoViewIfNeeded();
    await screens.picture(page, "reports-phone-end");
  });

  it("are drawn in a browser whose language no formatter knows", async () => {
    const page = await screens.visitor();
    await page.addInitScript(() => Object.defineProperty(navigator, "language", { value: "en-US@posix", configurable: true }));
    await screens.signIn(page, credentials, `/${projectId}/reports?period=year`);
    await page.getByTestId("plot").locator("canvas").waitFor();
  });

  it("change with the period, keep it in the address, and come as a file", async () => {
    const page = await open(undefined, "");
    await page.getByLabel("Period", { exact: true }).selectOption("week");
    await page.waitForURL(/period=week/);
    await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
    expect(await page.getByText(/^before: /).count()).toBeGreaterThan(2);
    await page.getByLabel("Compare with the period before").uncheck();
    await page.waitForFunction(() => !/before: /.test(document.body.innerText) && document.querySelector("[aria-busy=true]") === null);
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const file = readFileSync(await (await coming).path(), "utf8");
    expect(file).toMatch(/^from,to,leads,called/);
    expect(file).toMatch(/\r\nsource,leads,bookings/);
  });

  it("say what is wrong with days that cannot be, and ask for nothing", async () => {
    const page = await open(undefined, "?period=custom&from=2026-11-20&to=2026-11-01");
    await page.getByRole("alert").getByText("The first day must come before the last").waitFor();
    await page.getByLabel("From").fill("2026-10-20");
    await page.getByTestId("plot").locator("canvas").waitFor();
  });

  it("say what would be there when nothing is", async () => {
    const page = await open(PHONE, "", "nothing-yet");
    await page.getByText("Nothing in this period").waitFor();
    await screens.expectAccessible(page, "reports of nothing");
  });
});
