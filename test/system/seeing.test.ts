import { expect, it } from "vitest";
import { z } from "zod";
import { openBusiness } from "./support/business.ts";
import { eventually } from "./support/eventually.ts";
import { useHouse } from "./support/house.ts";
import { asTyped, phoneNumber } from "./support/phone-numbers.ts";

const house = useHouse();
const lineSchema = z.looseObject({ event: z.string(), route: z.string().optional(), task: z.string().optional(), action: z.string().nullish() });

/** What a search of the log for a word shows. */
const linesWith = (word: string) =>
  house.logLines().flatMap((line) => {
    const text = /\{.*\}/.exec(line)?.[0];
    if (text === undefined || !text.includes(word)) return [];
    return [lineSchema.parse(JSON.parse(text))];
  });

it("one search shows a lead's whole life: the form, its calls back from the vendor, and the jobs that it led to", async () => {
  const business = await openBusiness(house);
  const phone = phoneNumber();
  const { lead_id } = await business.submitWordPress({ "your-name": "Aroha Williams", "your-message": "Water everywhere", "your-phone": asTyped(phone) });
  await business.analysed(lead_id);
  const job = await eventually("the analysis is logged", () => linesWith(lead_id).find(({ action }) => action === "transcribe_call"));
  expect(job).toMatchObject({ event: "run attempt ended", task: "lead_gen_manager", status: "succeeded" });
  const routes = new Set(linesWith(lead_id).flatMap(({ route }) => route ?? []));
  expect([...routes]).toEqual(expect.arrayContaining(["/api/webhooks/wordpress", "/api/voice/whisper", "/api/voice/connect", "/api/voice/status", "/api/voice/recording-status"]));
  expect(linesWith(lead_id).flatMap(({ event, effect }) => (event === "effect" ? [effect] : []))).toContain("dial");
  for (const personal of [phone, asTyped(phone), "Aroha", "Water everywhere"]) expect(linesWith(personal)).toEqual([]);
});
