import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { NO_FACTS } from "./facts.ts";
import { draftLayer, type DraftInput } from "./generated.ts";
import { passagesOf } from "./passages.ts";

const business = { business_name: "Kauri", niche: "plumber", country: "NZ", phone: "+64215550199" };
const from = { origin: "model" as const, source_url: "https://shop.example/", confidence: 0.7 };
const trade: DraftInput["trade"] = [
  { name: "Blocked drains and toilets", slug: "blocked-drains", primary_keywords: ["drain unblocking"], emergency: true },
  { name: "Gas fitting", slug: "gas-fitting" },
];
const draft = (facts: Partial<typeof NO_FACTS> = {}) => draftLayer({ business, facts: { ...NO_FACTS, ...facts }, trade, live: false });

describe("draftLayer", () => {
  it("says only what was given when nothing was found, and names what the trade answers", () => {
    const { yaml, left_to_vertical } = draft();
    expect(parse(yaml)).toEqual({ identity: { business_name: "Kauri", niche: "plumber", country: "NZ" }, modules: { lead_gen: { live: false, sales_bridge: { destination_phone: "+64215550199" } } } });
    expect(left_to_vertical).toContain("services");
  });

  it("lends a service its search words and its emergency from the trade's own, once", () => {
    const { yaml } = draft({ services: [{ name: "Drain unblocking", price_from: 189, ...from }, { name: "Blocked drains", price_from: null, ...from }, { name: "Cake baking", price_from: null, ...from }, { name: "24 hour callout", price_from: null, ...from }] });
    expect((parse(yaml) as { services: unknown }).services).toEqual([
      { name: "Drain unblocking", slug: "blocked-drains", primary_keywords: ["drain unblocking"], price_from: 189, emergency: true },
      { name: "Blocked drains", primary_keywords: ["drain unblocking"], emergency: true },
      { name: "Cake baking" },
      { name: "24 hour callout", emergency: true },
    ]);
  });

  it("puts beside each value where it is from", () => {
    const { yaml, fields } = draft({ email: { text: "a@shop.example", ...from, origin: "link" }, differentiators: [{ text: "Five years guarantee: in writing", ...from }] });
    expect(yaml).toContain("email: a@shop.example # link, 0.7: https://shop.example/");
    expect(yaml).toContain("Five years guarantee: in writing");
    expect(yaml).toMatch(/destination_phone: "\+64215550199" # given/);
    expect(fields.find((field) => field.path === "identity.contact.email")).toMatchObject({ origin: "link", source_url: "https://shop.example/" });
  });

  it("never takes a found phone for the one to ring", () => {
    const { yaml } = draft({ phone: { text: "+64900888777", ...from } });
    expect((parse(yaml) as { modules: { lead_gen: { sales_bridge: { destination_phone: string } } } }).modules.lead_gen.sales_bridge.destination_phone).toBe("+64215550199");
  });
});

describe("passagesOf", () => {
  it("keeps a thought under its heading, and no crumbs", () => {
    expect(passagesOf({ title: "T", text: "Menu\n## Drains\nWe clear blocked drains within the hour, day and night.\n## Taps\nshort" })).toEqual(["Drains\nWe clear blocked drains within the hour, day and night."]);
  });

  it("is bounded in length and number", () => {
    const passages = passagesOf({ title: "T", text: Array.from({ length: 500 }, (_, index) => `${index} ${"word ".repeat(200)}`).join("\n") });
    expect(passages.length).toBeLessThanOrEqual(60);
    expect(Math.max(...passages.map((passage) => passage.length))).toBeLessThanOrEqual(1500);
  });
});
