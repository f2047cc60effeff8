import { describe, expect, it } from "vitest";
import { dnaFrom, DNA, pageMetadata } from "../pages.testing.ts";
import { isAboutPlace } from "./about-place.ts";
import { anchorSource } from "./anchor-sources.ts";
import { dnaSources } from "./dna-sources.ts";
import { numbered, sourceText } from "./source-texts.ts";

const texts = (more: Parameters<typeof pageMetadata>[0] = {}, yaml = DNA): Record<string, string> => Object.fromEntries(dnaSources(dnaFrom(yaml), pageMetadata(more)).map(({ id, text }) => [id, text]));
const anchor = (metadata: Record<string, unknown>, name = "Auckland City Hospital", entity_type = "anchor") => anchorSource({ id: "ent_a", entity_type, name, metadata: { status: "found", kind: "hospital", place: { slug: "ponsonby", name: "Ponsonby" }, distance_km: 1.94, ...metadata } });

describe("sources from the DNA", () => {
  it("are one fact each, under the path where it is written", () => {
    expect(texts()).toEqual({
      "identity.business_name": "The business is called Harbour Plumbing.",
      "identity.contact.phone": "Its phone number for customers is 09 360 1234 (+64 9 360 1234).",
      "identity.contact.email": "Its e-mail address is help@harbour.example.",
      "identity.contact.address": "Its address is 12 Quay Street, Auckland.",
      "identity.website": "Its website is https://harbour.example.",
      "identity.opening_hours": "Opening hours: Monday 08:00 to 17:30, Saturday 22:00 to 06:00.",
      "services[blocked-drains]": "Harbour Plumbing does this work: Blocked drains.",
      "services[blocked-drains].primary_keywords": "Customers ask for it as: blocked drain.",
      "services[blocked-drains].context_keywords": "To the matter belong: gully trap, drain camera.",
      "services[blocked-drains].price_from": "The price of Blocked drains begins from 180 NZD.",
      "services[blocked-drains].emergency": "Calls about Blocked drains do not wait for opening hours.",
      "modules.local_seo.scout_settings.geo_scope": "Harbour Plumbing works in Ponsonby, Auckland.",
    });
  });

  it("say nothing of a service or a place that the DNA does not name", () => {
    const said = texts({ service: { name: "Roofing", slug: "roofing" }, place: { name: "Hamilton", slug: "hamilton", city: null, lat: null, lon: null } });
    expect(Object.keys(said).filter((id) => id.startsWith("services") || id.includes("geo_scope"))).toEqual([]);
  });

  it("name all services and places on the page above them", () => {
    const said = texts({ service: { name: "plumber", slug: "hub" }, place: null });
    expect(said.services).toBe("Harbour Plumbing does this work: Blocked drains.");
    expect(said["modules.local_seo.scout_settings.geo_scope"]).toBe("Harbour Plumbing works in Ponsonby, Grey Lynn, Auckland.");
  });
});

describe("an anchor", () => {
  it("says what it is and how far", () => {
    expect(anchor({ address: "2 Park Road" })?.text).toBe("Auckland City Hospital is a hospital 1.9 km from the centre of Ponsonby, as the crow flies, at 2 Park Road.");
    expect(anchor({ kind: "industrial", distance_km: 12.4 }, "Rosebank")?.text).toBe("Rosebank is an industrial 12 km from the centre of Ponsonby, as the crow flies.");
  });

  it.each([["doubtful", { status: "doubtful" }], ["rejected", { status: "rejected" }], ["gone", { status: "gone" }], ["of no known distance", { distance_km: null }]])("is no source when it is %s", (_, metadata) => {
    expect(anchor(metadata)).toBeNull();
  });

  it("is none without a name, nor when it is something else", () => {
    expect(anchor({}, " ")).toBeNull();
    expect(anchor({}, "x", "lead")).toBeNull();
  });
});

describe("what is about a place", () => {
  const place = pageMetadata().place;
  it.each([
    ["an anchor", { kind: "anchor" as const, id: "ent_a", text: "x" }, true],
    ["a passage that names it", { kind: "passage" as const, id: "ctx_a", text: "Old pipes in ponsonby." }, true],
    ["a passage that does not", { kind: "passage" as const, id: "ctx_a", text: "Old pipes." }, false],
    ["that the business works there", { kind: "dna" as const, id: "modules.local_seo.scout_settings.geo_scope", text: "Works in Ponsonby." }, false],
  ])("%s", (_, source, expected) => {
    expect(isAboutPlace(source, place)).toBe(expected);
    expect(isAboutPlace(source, null)).toBe(false);
  });
});

describe("a source's words", () => {
  it("are one line, and end with a sentence where they must be cut", () => {
    expect(sourceText("Q: Why?\nA: Because.")).toBe("Q: Why? A: Because.");
    const cut = sourceText("A sentence of some words. ".repeat(40));
    expect(cut.length).toBeLessThanOrEqual(600);
    expect(cut.endsWith("words.")).toBe(true);
  });

  it("are numbered once each", () => {
    expect(numbered([{ kind: "dna", id: "a", text: "x" }, { kind: "passage", id: "b", text: "x" }, { kind: "dna", id: "c", text: "" }, { kind: "dna", id: "d", text: "y" }]).map(({ ref, id }) => [ref, id])).toEqual([["s1", "a"], ["s2", "d"]]);
  });
});
