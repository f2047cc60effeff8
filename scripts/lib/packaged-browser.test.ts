import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { packagedChromium } from "./packaged-browser.ts";

const program = packagedChromium();

describe.skipIf(program === undefined)("the browser that npm brings", () => {
  it("draws letters with fonts of its own, whatever the machine has", { timeout: 120_000 }, async () => {
    const browser = await chromium.launch({ executablePath: program as string, args: ["--no-sandbox"] });
    try {
      const page = await browser.newPage();
      await page.setContent("<span id=thin>iiii</span> <span id=wide>WWWW</span>");
      const widthOf = async (id: string): Promise<number> => (await page.locator(id).boundingBox())?.width ?? 0;
      expect(await widthOf("#thin")).toBeGreaterThan(0);
      // Boxes in the place of letters would all be as wide.
      expect(await widthOf("#wide")).toBeGreaterThan(2 * (await widthOf("#thin")));
    } finally {
      await browser.close();
    }
  });
});
