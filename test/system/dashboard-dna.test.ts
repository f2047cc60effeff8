import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Business, openBusiness } from "./support/business.ts";
import { type Client, send, signUp } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";
import { PHONE, useScreens } from "./support/screens.ts";

const port = await freePort();
const house = useHouse({ vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);

const destination = phoneNumber();
const OWNERS = `# Ours. Ask Dana before you change the phones!
zebra: kept
identity:
  time_zone: Pacific/Auckland # on the wall of the yard
  niche: plumber
modules:
  lead_gen:
    sales_bridge:
      destinations:
        - { name: Dave, phone: "${destination}" } # nights too
`;

let business: Business;
let client: Client;
let credentials: { email: string; password: string };
beforeAll(async () => {
  ({ client, ...credentials } = await signUp(house.url));
  business = await openBusiness(house, { client });
});

const written = async (project = business.project_id): Promise<string> => (await client.ask("GET", `/api/projects/${project}/dna/custom`)).bytes.toString();
const effective = async () => (await client.ask("GET", `/api/projects/${business.project_id}/dna`)).as(z.looseObject({ services: z.array(z.unknown()) }));

interface Opening {
  search?: string;
  project?: string;
  size?: { width: number; height: number };
  as?: typeof credentials;
}

/** The DNA on the screen of somebody who has just signed in. */
const openDna = async ({ search = "", project = business.project_id, size, as = credentials }: Opening = {}): Promise<Page> => {
  const page = await screens.visitor(size);
  await screens.signIn(page, as, `/${project}/dna${search}`);
  await page.getByRole("heading", { name: "DNA", exact: true }).waitFor();
  await page.locator(".cm-content, [data-testid=dna-version], [data-testid=dna-finding]").or(page.getByText("Nothing has been found yet")).first().waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
  return page;
};
const save = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The DNA is in force").waitFor();
  await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
};
const yamlOf = async (page: Page): Promise<string> => page.evaluate(() => [...document.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n"));
const typeYaml = async (page: Page, text: string): Promise<void> => {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
};

describe("the form", () => {
  it("changes the YAML beside it, whose comments and order stay, and says where each value comes from", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    const niche = page.locator('[data-path="identity.niche"]');
    await niche.getByText("Yours").waitFor();
    await page.getByRole("button", { name: "Services" }).click();
    await page.locator('[data-path="services"]').getByText("Trade: plumber").waitFor();
    await page.getByRole("button", { name: "Who is rung" }).click();
    const timeout = page.locator('[data-path="modules.lead_gen.sales_bridge.ring_timeout_s"]');
    await timeout.getByText("Default").waitFor();
    await timeout.getByRole("spinbutton").fill("40");
    await timeout.getByText("Yours").waitFor();
    await page.locator(".cm-line").getByText("ring_timeout_s: 40").waitFor();
    const name = page.getByTestId("dna-item").first().getByRole("textbox", { name: "Name", exact: true });
    await name.fill("Dave Junior");
    await save(page);
    const text = await written();
    expect(text).toBe(OWNERS.replace("name: Dave", "name: Dave Junior") + "      ring_timeout_s: 40\n");
    expect(await effective()).toMatchObject({ modules: { lead_gen: { sales_bridge: { ring_timeout_s: 40, destinations: [{ name: "Dave Junior" }] } } } });
    await page.evaluate(() => window.scrollTo(0, 0));
    await screens.picture(page, "dna");
    await screens.expectAccessible(page, "the DNA");
    await timeout.getByRole("button", { name: /^Back to what lies below/ }).click();
    await timeout.getByText("Default").waitFor();
    expect(await timeout.getByRole("spinbutton").inputValue()).toBe("25");
  });

  it("says a mistake at its field, at its line, and saves nothing until it is mended", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await page.getByLabel("Country code", { exact: true }).fill("New Zealand");
    const field = page.locator('[data-path="identity.country"]');
    await field.getByText(/ISO 3166-1/).waitFor();
    await page.getByTestId("dna-mistakes").getByText(/line \d+/).waitFor();
    await page.locator(".cm-lint-marker-error").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await screens.picture(page, "dna-mistake");
    await screens.expectAccessible(page, "the DNA with a mistake");
    expect(await written()).toBe(OWNERS);
    await page.getByLabel("Country code", { exact: true }).fill("AU");
    await page.getByTestId("dna-mistakes").waitFor({ state: "detached" });
    await save(page);
    expect(await effective()).toMatchObject({ identity: { country: "AU" } });
  });

  it("takes hours by weekday, and lists as a whole once one of their entries is changed", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna({ search: "?section=hours" });
    const hours = page.locator('[data-path="identity.opening_hours"]');
    await hours.getByLabel("Opening hours: When").selectOption("These hours");
    await hours.getByLabel("Saturday: When").selectOption("All day");
    await hours.getByLabel("Monday from").fill("07:30");
    await screens.picture(page, "dna-hours");
    await page.getByRole("button", { name: "Services" }).click();
    const first = page.getByTestId("dna-item").first();
    const service = await first.getByLabel("Service", { exact: true }).inputValue();
    await first.getByLabel("Price from").fill("99");
    await page.locator('[data-path="services"]').getByText("Yours").waitFor();
    await save(page);
    const dna = await effective();
    expect(dna).toMatchObject({ identity: { opening_hours: { mon: ["07:30-17:00"], fri: ["08:00-17:00"], sat: ["24h"] } }, services: expect.arrayContaining([expect.objectContaining({ name: service, price_from: 99 })]) as unknown });
    expect(dna.services.length).toBeGreaterThan(1);
  });
});

describe("a business that has said nothing yet", () => {
  it("begins with what lies beneath, and is told that nothing was found or written", async () => {
    const project = `silent-${port}`;
    await client.createProject({ project_id: project, name: "Silent Locks", country: "NZ" });
    const page = await openDna({ search: "?view=found", project });
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("No version yet").waitFor();
    await page.getByRole("tab", { name: "Edit" }).click();
    const name = page.locator('[data-path="identity.business_name"]');
    await name.getByText("Business").waitFor();
    await name.getByRole("textbox").fill("Loud Locks");
    await save(page);
    expect(await written(project)).toBe("identity:\n  business_name: Loud Locks\n");
  });
});

describe("the YAML", () => {
  it("changes the form beside it; while it cannot be read the form waits, and nothing is lost", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await typeYaml(page, OWNERS.replace("niche: plumber", "niche: lawyer"));
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-path="identity.niche"] input')?.value === "lawyer");
    await typeYaml(page, 'identity:\n  niche: "lawyer\n');
    await page.getByText("The YAML cannot be read just now").waitFor();
    expect(await page.getByLabel("Country code", { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await typeYaml(page, "identity:\n  niche: lawyer\n  nitche: x\n");
    await page.getByText("Keys that nobody knows").waitFor();
    expect(await page.getByLabel("Country code", { exact: true }).isDisabled()).toBe(false);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("status").getByText("Saved", { exact: true }).waitFor();
    expect(await yamlOf(page)).toContain("# on the wall of the yard");
  });

  it("is completed by the schema", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await typeYaml(page, "modules:\n  lead_gen:\n    sales_bridge:\n      ");
    await page.keyboard.type("ring_s");
    const option = page.locator(".cm-tooltip-autocomplete li[aria-selected]");
    await option.getByText("ring_strategy").waitFor();
    // By hand: a key that follows too fast is taken for typing.
    await option.click();
    await page.keyboard.press("Control+ ");
    await page.locator(".cm-tooltip-autocomplete li").filter({ hasText: "simultaneous" }).click();
    await page.waitForFunction(() => document.querySelector(".cm-content")?.textContent.includes("ring_strategy: simultaneous"));
  });
});

describe("two people", () => {
  it("who change the DNA at once are shown each other's changes, and a person lays them together", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await page.getByLabel("Language", { exact: true }).fill("en-NZ");
    await page.getByRole("button", { name: "Brand" }).click();
    await page.locator('[data-path="brand_brain.voice_tone"] textarea').fill("mine");
    const theirs = OWNERS.replace("niche: plumber", "niche: roofer # since May");
    await client.putDna(business.project_id, theirs);
    await page.getByRole("button", { name: "Save" }).click();
    const merge = page.getByTestId("dna-merge");
    await merge.getByText("since May").waitFor();
    await merge.getByText("voice_tone: mine").waitFor();
    await screens.picture(page, "dna-merge");
    await screens.expectAccessible(page, "a conflict");
    expect(await written()).toBe(theirs);
    await merge.getByRole("button", { name: "Go on with this" }).click();
    await save(page);
    const text = await written();
    for (const kept of ["niche: roofer # since May", "language: en-NZ", "voice_tone: mine", "# on the wall of the yard"]) expect(text).toContain(kept);
  });
});

describe("the history", () => {
  it("says what each version changed, and brings one back", async () => {
    await client.putDna(business.project_id, OWNERS);
    await client.putDna(business.project_id, OWNERS.replace("niche: plumber", "niche: dentist"));
    const page = await openDna({ search: "?view=history" });
    await page.getByTestId("dna-change").getByText("identity.niche").waitFor();
    await page.getByTestId("dna-version").nth(1).click();
    await page.getByRole("button", { name: "Bring this version back" }).waitFor();
    await screens.picture(page, "dna-history");
    await screens.expectAccessible(page, "the history");
    await page.getByRole("button", { name: "Bring this version back" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Bring this version back" }).click();
    await page.getByText("The earlier version is in force again").waitFor();
    await page.getByTestId("dna-version").first().getByText("Brought back").waitFor();
    expect(await written()).toBe(OWNERS);
  });

  it("has an undo right after saving", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await page.getByLabel("Country code", { exact: true }).fill("AU");
    await save(page);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("The DNA is as it was").waitFor();
    expect(await written()).toBe(OWNERS);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-path="identity.country"] input')?.value === "NZ");
  });
});

describe("who leaves", () => {
  it("is asked before a draft is lost", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna();
    await page.getByLabel("Country code", { exact: true }).fill("AU");
    await page.getByRole("link", { name: "Leads" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Stay" }).click();
    expect(await page.getByLabel("Country code", { exact: true }).inputValue()).toBe("AU");
    await page.getByRole("link", { name: "Leads" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await page.waitForURL(/\/leads$/);
    expect(await written()).toBe(OWNERS);
  });
});

describe("what was found", () => {
  it("stands beside what the owner says instead, and can be taken into the draft", async () => {
    const project = `found-${port}`;
    const { run_id } = await client.startRun({ task: "onboarding", project_id: project, params: { business_name: "Kauri Plumbing", niche: "plumber", country: "NZ", phone: phoneNumber() } });
    await eventually("the onboarding to end", async () => (await client.run(run_id)).status === "succeeded");
    await client.putDna(project, "identity:\n  # for now\n  niche: roofer\n  website: https://kauri.example\n");
    const page = await openDna({ search: "?view=found", project });
    const niche = page.getByTestId("dna-finding").filter({ hasText: "Trade" });
    await niche.getByText("Yours wins").waitFor();
    expect(await niche.innerText()).toMatch(/plumber[^]*roofer/);
    await screens.picture(page, "dna-found");
    await screens.expectAccessible(page, "what was found");
    await niche.getByRole("button", { name: "Use found: Trade" }).click();
    await page.getByText("You say nothing that differs").waitFor();
    await save(page);
    expect(await written(project)).toBe("identity:\n  # for now\n  website: https://kauri.example\n");
  });
});

describe("a viewer", () => {
  it("reads it, and is offered no change of it", async () => {
    await client.putDna(business.project_id, OWNERS);
    const viewer = { email: `viewer-${port}@example.nz`, password: "a long enough password" };
    expect((await client.ask("POST", "/api/invitations", { json: { email: viewer.email, role: "viewer" } })).status).toBe(201);
    const token = await eventually("the invitation", () => /#token=([\w-]+)/.exec(house.sandbox.mailsTo(viewer.email).at(-1)?.text ?? "")?.[1]);
    expect((await send("POST", `${house.url}/api/auth/accept-invitation`, { json: { token, password: viewer.password } })).status).toBeLessThan(300);
    const page = await openDna({ as: viewer });
    await page.getByText("You may read this DNA").waitFor();
    expect(await page.getByLabel("Country code", { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Save" }).count()).toBe(0);
    await typeYaml(page, "services: []");
    expect(await yamlOf(page)).toContain("# on the wall of the yard");
  });
});

describe("on a phone", () => {
  it.each(["edit&section=business", "edit&section=services", "edit&section=hours", "edit&section=people", "edit&section=scoring", "found", "history"])("%s fits, by keyboard and by whoever hears it", async (view) => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna({ search: `?view=${view}`, size: PHONE });
    await screens.expectAccessible(page, `the DNA's ${view} at 360 px`);
    await screens.picture(page, `dna-${view.replace("edit&section=", "")}-360`);
  });

  it("shows the YAML in the form's place", async () => {
    await client.putDna(business.project_id, OWNERS);
    const page = await openDna({ size: PHONE });
    await page.getByRole("button", { name: "YAML" }).click();
    await page.locator(".cm-content").waitFor();
    await screens.expectAccessible(page, "the YAML at 360 px");
    await screens.picture(page, "dna-yaml-360");
  });
});
