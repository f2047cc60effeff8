import { readFileSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { fetchPage } from "../../scripts/lib/pages/fetch-page.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { type Client, signUp } from "./support/client.ts";
import { useHouse } from "./support/house.ts";
import { PHONE, useScreens } from "./support/screens.ts";

/* The pages screen, from a business that has none to a page that was changed, compared, and sent out again. */

const port = await freePort();
const house = useHouse({ vars: { DASHBOARD_ORIGINS: `http://localhost:${port}` } });
const screens = useScreens(house, port);

const PROJECT = "harbour-pages";
const DEMO = readFileSync(path.resolve(import.meta.dirname, "../../profiles/demo.yaml"), "utf8");
/** The pipeline has a map to read, pages to write and review, and a browser to draw with. */
const PIPELINE_MS = 240_000;

let client: Client;
let credentials: { email: string; password: string };
beforeAll(async () => {
  ({ client, ...credentials } = await signUp(house.url));
  await client.createProject({ project_id: PROJECT, name: "Harbour Plumbing", country: "NZ" });
  await client.putDna(PROJECT, DEMO.replace("  local_seo:\n    enabled: true", "  local_seo:\n    enabled: false"));
  const form = new FormData();
  form.set("file", new Blob([photoOf(1600, 1000)], { type: "image/png" }), "van.png");
  form.set("alt", "Our van in front of a villa");
  const answer = await client.ask("POST", `/api/projects/${PROJECT}/photos`, { body: form });
  if (answer.status !== 201) throw new Error(`the photo was not taken: ${answer.status}`);
});

/** A photo as a browser can show it: a PNG of so many pixels, in one colour. */
const photoOf = (width: number, height: number): Uint8Array<ArrayBuffer> => {
  const chunk = (type: string, body: Buffer): Buffer => {
    const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(typed));
    return Buffer.concat([size, typed, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits, red green blue.
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, 120)]);
  return Uint8Array.from(Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))), chunk("IEND", Buffer.alloc(0))]));
};

const settled = async (page: Page): Promise<void> => {
  await page.locator("main h1").first().waitFor();
  await page.waitForFunction(() => document.querySelector("[aria-busy=true]") === null);
};
/** One of the screens, before somebody who has just signed in. */
const open = async (where = "pages", size?: { width: number; height: number }): Promise<Page> => {
  const page = await screens.visitor(size);
  page.setDefaultTimeout(60_000);
  await screens.signIn(page, credentials, `/${PROJECT}/${where}`);
  await settled(page);
  return page;
};
const pageAbout = async (place: string): Promise<string> => {
  const { items } = await client.entities({ type: "page", project_id: PROJECT });
  return items.find(({ name }) => name.includes(place))?.id ?? "";
};

describe("a business without pages", () => {
  it("is told what they are, turns them on, and is told what a run costs before it begins", async () => {
    const page = await open("pages", PHONE);
    await page.getByText("Local pages are off").waitFor();
    await screens.expectAccessible(page, "pages turned off, at 360 px");
    await page.getByRole("button", { name: "Turn on local pages" }).click();
    await page.getByText("No pages yet").waitFor();
    await screens.expectAccessible(page, "no pages, at 360 px");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText(/for these pages, up to/).waitFor();
    await screens.expectAccessible(page, "the dialog that starts");
    await screens.picture(page, "pages-start-360");
  });
});

describe("the pipeline", () => {
  it("is started, seen at work, paused, gone on with, and ends with pages that are live", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByLabel("Service").selectOption({ label: "Drains" });
    await page.getByLabel("At most so many pages").fill("5");
    await page.getByRole("dialog").getByRole("button", { name: "Start" }).click();
    const state = page.getByTestId("pipeline-state");
    await state.getByText("Running").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await state.getByText("Paused").waitFor();
    await page.getByRole("button", { name: "Resume" }).click();
    // It may be done before anybody looks.
    await state.getByText(/^(Running|Done)$/).first().waitFor();
    await page.getByTestId("page-row").first().waitFor({ timeout: PIPELINE_MS });
    await screens.picture(page, "pages-running");
    await state.getByText("Done").waitFor({ timeout: PIPELINE_MS });
    await page.getByRole("button", { name: /Published/ }).click();
    await page.waitForURL(/status=published/);
    await settled(page);
    expect(await page.getByTestId("page-row").count()).toBeGreaterThanOrEqual(3);
    await page.getByRole("button", { name: "Check now" }).click();
    await page.getByText("Ready").waitFor();
    await screens.expectAccessible(page, "pages");
    await screens.picture(page, "pages");
  }, 2 * PIPELINE_MS);

  it("is found by words, and read on a phone", async () => {
    const page = await open("pages", PHONE);
    await page.getByLabel("Search pages").fill("Kingsland");
    await page.waitForURL(/q=Kingsland/);
    await page.getByTestId("page-row").first().waitFor();
    await screens.expectAccessible(page, "pages at 360 px");
    await screens.picture(page, "pages-360");
    await page.getByLabel("Search pages").fill("nowhere at all");
    await page.getByText("No page matches").waitFor();
  });
});

describe("a page", () => {
  it("is seen as it goes out, in a frame that can do nothing, beside what it rests on", async () => {
    const page = await open(`pages/${await pageAbout("Kingsland")}`);
    const frame = page.frameLocator("iframe");
    await frame.getByRole("heading", { level: 1 }).waitFor();
    expect(await page.locator("iframe").getAttribute("sandbox")).toBe("");
    // Its map came along, and was drawn.
    await page.waitForFunction(() => document.querySelector("iframe")?.getAttribute("srcdoc")?.includes("data:image/png;base64,"));
    await screens.expectAccessible(page, "a page");
    await screens.picture(page, "page");
    const windows = page.context().pages().length;
    await frame.getByRole("link").last().click();
    expect([page.context().pages().length, await frame.getByRole("heading", { level: 1 }).count()]).toEqual([windows, 1]);

    await page.getByRole("button", { name: /Show where it is cited/ }).first().click();
    await page.locator("[data-cited]").first().waitFor();
    await screens.expectAccessible(page, "a page's text");
    await screens.picture(page, "page-text");
    await page.getByRole("tab", { name: "Changes" }).click();
    await page.getByText("The same as what is live").waitFor();
  });

  it("is served with its photos in the widths that screens have", async () => {
    const { items } = await client.entities({ type: "page", project_id: PROJECT });
    const address = items.find(({ name }) => name.includes("Kingsland"))?.metadata["published"] as { hosted: { url: string } };
    const { body } = await fetchPage(address.hosted.url);
    const srcset = /srcset="([^"]+)" sizes=/.exec(body)?.[1] ?? "";
    expect(srcset.split(", ").map((one) => one.split(" ")[1])).toEqual(["480w", "720w", "1440w", "1600w"]);
    const narrow = await fetchPage(new URL(srcset.split(" ")[0] ?? "", address.hosted.url).href);
    expect([narrow.status, narrow.type]).toEqual([200, "image/webp"]);
    // RIFF, size, WEBP.
    expect(narrow.body.slice(0, 4)).toBe("RIFF");
  });

  it("that is written again shows what is different from what is live, and goes out", async () => {
    const id = await pageAbout("Kingsland");
    await client.putDna(PROJECT, DEMO.replace('phone: "+6495550100"', 'phone: "+6495550177"'));
    const page = await open(`pages/${id}`);
    await page.getByRole("button", { name: "Write again" }).click();
    await screens.expectAccessible(page, "the dialog that has a page written again");
    await page.getByRole("dialog").getByRole("button", { name: "Write again" }).click();
    await page.getByRole("button", { name: "Review now" }).waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("button", { name: "Publish" }).waitFor();
    await page.getByRole("tab", { name: "Changes" }).click();
    const diff = page.getByTestId("diff");
    // What was taken out stands above what came in; lines that nobody has scrolled to are not drawn.
    await diff.locator(".cm-deletedChunk").first().waitFor();
    await diff.locator(".cm-changedLine, .cm-insertedLine").first().waitFor();
    await screens.expectAccessible(page, "the changes of a page");
    await screens.picture(page, "page-changes");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("The same as what is live").waitFor();
    const { items } = await client.entities({ type: "page", project_id: PROJECT });
    const published = items.find((one) => one.id === id)?.metadata["published"] as { hosted: { url: string } };
    expect((await fetchPage(published.hosted.url)).body).toContain("tel:+6495550177");
  });

  it("is held and let go on, retired and brought back, on a phone too", async () => {
    const page = await open(`pages/${await pageAbout("Kingsland")}`, PHONE);
    await page.frameLocator("iframe").getByRole("heading", { level: 1 }).waitFor();
    await screens.expectAccessible(page, "a page at 360 px");
    await screens.picture(page, "page-360");
    await page.getByRole("button", { name: "Hold" }).click();
    await page.getByRole("button", { name: "Let it go on" }).waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Retire" }).click();
    await page.getByRole("button", { name: "Restore" }).waitFor();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByRole("button", { name: "Publish again" }).waitFor();
  });
});
