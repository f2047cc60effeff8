import { describe, expect, it } from "vitest";
import { effectiveDna, parseLayer } from "../../core/dna/layers.ts";
import defaults from "../../profiles/defaults.yaml";
import { fillTemplate } from "../../core/contact/template.ts";
import { leadCard, type LeadToCall, planCall } from "./plan.ts";

const dna = (custom = "") =>
  effectiveDna(parseLayer(defaults), { identity: { project_id: "acme", business_name: "Acme Plumbing", country: "NZ" } }, parseLayer(custom));
const lead: LeadToCall = { id: "ent_1", name: "Jane Doe", phone: "+64211234567", message: "Burst pipe", service: "Drains", place: "Ponsonby" };
const plan = (over: Partial<LeadToCall>, custom?: string) =>
  planCall({ call_id: "call_1", tenant_id: "ten_1", project_id: "acme", received_at: 0, asked_at: 0, line: { from: "+6495550100", account_sid: null }, link: "", lead: { ...lead, ...over }, dna: dna(custom) });

describe("the whisper", () => {
  it.each([
    ["says who it is, what for and where", {}, "New lead for Acme Plumbing. Jane Doe, Drains, Ponsonby. Burst pipe."],
    ["leaves out what is not known, commas included", { service: null, place: null }, "New lead for Acme Plumbing. Jane Doe. Burst pipe."],
    ["names somebody where there is no name", { name: "", message: null, place: null }, "New lead for Acme Plumbing. Somebody, Drains."],
    ["does not close what is closed", { message: "Help!" }, "Ponsonby. Help!"],
    ["reads a long message in part", { message: "x".repeat(1000) }, `${"x".repeat(199)}…`],
    ["does not fill places that a customer wrote", { message: "{phone} {business}" }, "{phone} {business}."],
  ])("%s", (_, over, expected) => {
    expect(plan(over).whisper).toContain(expected);
  });

  it("is the owner's own text where the DNA has one", () => {
    expect(plan({}, "modules: {lead_gen: {sales_bridge: {whisper_text: 'Kia ora, {name} rang'}}}").whisper).toBe("Kia ora, Jane Doe rang.");
  });
});

describe("a lead that was found in public", () => {
  const found = { found_on: "board", name: "Kitchen tap leaks", message: "Kitchen tap leaks\nIt drips all night.", service: null };
  const texts = "modules: {lead_gen: {sales_bridge: {customer_texts: {before_ring: '{person} is calling', missed: 'Sorry {name}'}}}}";

  it("is announced as one, with platform, job and place", () => {
    expect(plan(found).whisper).toBe("Found for Acme Plumbing on board, posted in public: nobody there knows of this call. Kitchen tap leaks, Ponsonby. It drips all night.");
  });

  it("gets no text from us, whatever the DNA sends to those who wrote to us", () => {
    expect(plan({}, texts).texts).toMatchObject({ before_ring: "{person} is calling", missed: "Sorry Jane Doe" });
    expect(plan(found, texts).texts).toMatchObject({ before_ring: null, missed: null });
  });
});

describe("the card", () => {
  it("has all that the owner needs to ring back, in one text of bounded length", () => {
    expect(leadCard(dna(), lead)).toBe("Acme Plumbing: new lead Jane Doe +64211234567 Drains Ponsonby\nBurst pipe");
    const link = `https://apex.test/l/${"x".repeat(62)}`;
    const long = leadCard(dna(), { ...lead, message: "x".repeat(5000) }, link);
    // However long the message: the link stands at the end, whole.
    expect(long.endsWith(link)).toBe(true);
    expect(long.length).toBeLessThan(500);
  });

  it("gives the e-mail where there is no phone", () => {
    expect(leadCard(dna(), { ...lead, phone: null, email: "jane@x.nz", service: null, place: null })).toContain("new lead Jane Doe jane@x.nz\n");
  });
});

describe("whom to ring", () => {
  it("is the list, or else the one phone of the older form", () => {
    expect(plan({}, 'modules: {lead_gen: {sales_bridge: {destination_phone: "+64210000001"}}}').destinations).toMatchObject([{ name: "", phone: "+64210000001" }]);
    expect(plan({}, 'modules: {lead_gen: {sales_bridge: {destination_phone: "+64210000001", destinations: [{name: Dana, phone: "+64210000002"}]}}}').destinations).toMatchObject([{ name: "Dana", phone: "+64210000002" }]);
  });
});

describe("fillTemplate", () => {
  it("leaves an unknown place empty and keeps lines", () => {
    expect(fillTemplate("a {nothing} b\nc {x}", { x: "1" })).toBe("a b\nc 1");
  });
});
