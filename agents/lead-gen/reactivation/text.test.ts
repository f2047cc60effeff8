import { describe, expect, it } from "vitest";
import type { Dna } from "../../../core/dna/schema.ts";
import { whatIsWrong } from "./text-check.ts";
import { templateText } from "./text.ts";

const TEMPLATE = "Hi {name}, {business} here. It has been a while since we helped you with {service}. If there is anything we can do, just reply. Reply STOP to opt out.";
const dna = {
  identity: { project_id: "p", business_name: "Rata Plumbing", country: "NZ" },
  services: [{ name: "Hot water", price_from: 120 }],
  brand_brain: { voice_tone: "plain", key_differentiators: [], insider_tips: [], common_objections: [], forbidden_topics: ["gas fitting work", "Never claim to be the cheapest"] },
} satisfies Pick<Dna, "identity" | "services" | "brand_brain">;
const filled = (template: string, person: { name?: string; service?: unknown } = {}): string => templateText(template, dna, { name: person.name ?? "Jane Doe", metadata: person.service === undefined ? { service: "hot water" } : { service: person.service } });

describe("the template", () => {
  it.each([
    [TEMPLATE, {}, "Hi Jane, Rata Plumbing here. It has been a while since we helped you with hot water. If there is anything we can do, just reply. Reply STOP to opt out."],
    // What is not known is not spoken of.
    [TEMPLATE, { name: "", service: null }, "Hi, Rata Plumbing here. It has been a while since we helped you. If there is anything we can do, just reply. Reply STOP to opt out."],
    // A name or service that somebody typed is words, and no way out for an address.
    [TEMPLATE, { name: "http://evil.test Doe", service: "visit evil.test/x" }, "Hi, Rata Plumbing here. It has been a while since we helped you. If there is anything we can do, just reply. Reply STOP to opt out."],
    ["Time for a check of your {service}?", {}, "Rata Plumbing: Time for a check of your hot water? Reply STOP to opt out."],
    ["{business}: stop by any time", {}, "Rata Plumbing: stop by any time Reply STOP to opt out."],
  ])("%j names the business and says how to stop", (template, person, text) => {
    expect(filled(template, person as { name?: string; service?: unknown })).toBe(text);
  });

  it("is never so long that how to stop is cut off", () => {
    expect(filled(`${"long ".repeat(300)}{business}`)).toMatch(/^.{1,700}Reply STOP to opt out\.$/);
  });
});

describe("a model's text", () => {
  const good = "Hi Jane, Rata Plumbing here. Hope the hot water is still going strong. If anything needs a look, just reply. Reply STOP to opt out.";
  const wrong = (text: string): string | null => whatIsWrong(text, { dna, template: TEMPLATE });

  it.each([
    [good, null],
    [good.replace("hot water", "hot water (from 120)"), null],
    [good.replace("Rata Plumbing", "Your plumber"), "business"],
    [good.replace("Reply STOP to opt out.", "Cheers and all the best!"), "stop"],
    [good.replace("just reply", "see rata-plumbing.example/offer"), "link"],
    [good.replace("just reply", "https://x.test"), "link"],
    [good.replace("just reply", "ring 021 123 4567"), "number"],
    [good.replace("a look", "a look for 99"), "number"],
    [good.replace("a look", "a look, free of charge"), "offer"],
    [good.replace("a look", "a look at half-price"), "offer"],
    [good.replace("a look", "a look with 20% off"), "number"],
    [good.replace("hot water", "gas fitting"), "forbidden_topic"],
    [good.replace("hot water", "cheapest plumber"), "offer"],
    [good.replace("strong", "strong 👍"), "letters"],
    [good.replace("Jane", "{name}"), "letters"],
    [good.replace("Jane", "Māia"), "letters"],
    ["Rata Plumbing. Reply STOP.", "length"],
    [good.repeat(3), "length"],
  ])("%j: %s", (text, reason) => {
    expect(wrong(text)).toBe(reason);
  });

  it("may say what the business's own template says", () => {
    const template = "{business}: free check of 30 minutes until May, call 09 300 1234. Reply STOP to opt out.";
    expect(whatIsWrong("Hi Jane, Rata Plumbing offers you a free check of 30 minutes. Reply STOP to opt out.", { dna, template: `${template} We offers` })).toBeNull();
    expect(whatIsWrong("Hi Jane, Rata Plumbing has a free check of 60 minutes. Reply STOP to opt out.", { dna, template })).toBe("number");
  });
});
