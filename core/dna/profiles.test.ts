import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import demo from "../../profiles/demo.yaml";
import { createComposer, requireValid } from "./compose.ts";
import { dnaLayerJsonSchema } from "./json-schema.ts";
import { parseLayer } from "./layers.ts";
import { bundledProfiles } from "./profiles.ts";

const composer = createComposer(bundledProfiles);
const project = { id: "acme", name: "Acme", country: "NZ" };
const trades = [...bundledProfiles.verticals.keys()];

describe.each(trades)("the vertical %s", (niche) => {
  const yaml = bundledProfiles.verticals.get(niche) ?? "";
  const { dna } = requireValid(composer.compose({ project, generated: "", custom: `identity: {niche: ${niche}}` }), "custom");

  it("is valid by itself, over nothing but the defaults", () => {
    expect(dna.services.length).toBeGreaterThanOrEqual(8);
    expect(requireValid(composer.compose({ project, generated: "", custom: yaml }), "custom").dna.services).toEqual(dna.services);
  });

  it("says nothing of one business: no phone, price, name or place", () => {
    const layer = parseLayer(yaml);
    expect(layer).not.toHaveProperty("identity");
    expect(JSON.stringify(layer)).not.toMatch(/destination|price_from|key_differentiators|\+\d{7}/);
  });

  it("gives every service a slug of its own, words to be found by, and says which cannot wait", () => {
    expect(new Set(dna.services.map(({ slug }) => slug)).size).toBe(dna.services.length);
    for (const service of dna.services) {
      expect(service.slug).toBeDefined();
      expect(service.primary_keywords?.length).toBeGreaterThanOrEqual(3);
      expect(service.context_keywords?.length).toBeGreaterThanOrEqual(4);
    }
    const emergencies = dna.services.filter(({ emergency }) => emergency === true);
    expect(emergencies.length).toBeGreaterThanOrEqual(1);
    expect(emergencies.length).toBeLessThan(dna.services.length / 2);
  });

  it("answers objections, and forbids what must not be said", () => {
    for (const objection of dna.brand_brain.common_objections) expect(objection).toMatch(/^“.+”.* \S+/);
    expect(dna.brand_brain.common_objections.length).toBeGreaterThanOrEqual(6);
    expect(dna.brand_brain.forbidden_topics.length).toBeGreaterThanOrEqual(7);
    expect(dna.brand_brain.insider_tips.length).toBeGreaterThanOrEqual(8);
  });

  it("writes to nobody and looks for nobody unless the owner says so, and its message tells how to stop", () => {
    const { reactivation, sniper } = dna.modules.lead_gen;
    expect([reactivation.enabled, sniper.enabled, dna.modules.local_seo.enabled]).toEqual([false, false, false]);
    expect(reactivation.message_template).toMatch(/\{business\}.*STOP/s);
  });
});

it.each(["lawyer", "dentist"])("what somebody writes to a %s is neither read aloud nor texted", (niche) => {
  const { sales_bridge } = requireValid(composer.compose({ project, generated: "", custom: `identity: {niche: ${niche}}` }), "custom").dna.modules.lead_gen;
  expect(`${sales_bridge.whisper_text} ${sales_bridge.found_whisper_text} ${sales_bridge.sms_alert_template}`).not.toContain("{message}");
});

describe("the JSON Schema for editors", () => {
  const validator = new Validator(dnaLayerJsonSchema("https://apex.test/api/schemas/dna.json"), "2020-12", false);

  it.each([...bundledProfiles.verticals.entries(), ["defaults", bundledProfiles.defaults], ["demo", demo], ["empty", ""], ["older form", 'modules: {lead_gen: {sales_bridge: {destination_phone: "+64211234567"}}}']])("accepts the document %s", (_, yaml) => {
    expect(validator.validate(parseLayer(yaml)).errors).toEqual([]);
  });

  it.each([
    ["null anywhere, as it removes", "brand_brain: null\nmodules: {lead_gen: {sales_bridge: {whisper_text: null}}}", true],
    ["keys of a newer release", "modules: {newer: 1}", true],
    ["a service without a name", "services: [{slug: x}]", false],
    ["a phone that is none", "modules: {lead_gen: {sales_bridge: {destination_phone: hello}}}", false],
    ["a number out of bounds", "modules: {lead_gen: {sales_bridge: {ring_timeout_s: 1}}}", false],
    ["a word that is not on the list", "modules: {local_seo: {publishing: {target: ftp}}}", false],
  ])("judges %s as the API does", (_, yaml, valid) => {
    expect(validator.validate(parseLayer(yaml)).valid).toBe(valid);
  });
});
