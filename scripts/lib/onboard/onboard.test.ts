import { describe, expect, it } from "vitest";
import { plain } from "../demo/text.ts";
import { followRun, type FollowedRun, renderResult } from "./follow.ts";
import { projectIdFor, readOnboardOptions } from "./options.ts";

describe("the flags of npm run onboard", () => {
  it("are a business, or the name of a sample", () => {
    expect(readOnboardOptions(["--name", "Acme", "--niche", "plumber", "--country", "NZ", "--phone", "021 1", "--website", "https://a.example", "--url", "https://apex.example/"])).toMatchObject({
      params: { business_name: "Acme", niche: "plumber", country: "NZ", phone: "021 1", website: "https://a.example" },
      demo: undefined,
      url: "https://apex.example",
      port: 8787,
    });
    expect(readOnboardOptions(["--demo", "one-page", "--phone", "+1 303 555 0100"])).toMatchObject({ demo: "one-page", params: { business_name: "Ridgeline Roofing", country: "US", phone: "+1 303 555 0100" } });
    expect(readOnboardOptions(["--help"])).toBe("help");
  });

  it.each([[["--demo", "none"], "--demo must be one of"], [["--name", "Acme"], "are needed"], [["--demo", "tidy", "--port", "x"], "--port must be a number"]])("%j are refused in words", (args, words) => {
    expect(() => readOnboardOptions(args)).toThrow(words);
  });

  it("a project's id is made of what is left of a name", () => {
    expect([projectIdFor("Cerrajería Gràcia", "a1"), projectIdFor("★", "a1")]).toEqual(["cerrajeria-gracia-a1", "business-a1"]);
  });
});

describe("following a run", () => {
  const at = (done: number, label: string, status = "running"): FollowedRun => ({ status, progress: { done, total: 7, label }, error: null, result: null });

  it("tells of each step once, until it is over", async () => {
    const runs = [at(0, ""), at(1, "Reading"), at(1, "Reading"), at(2, "Writing"), at(7, "Live", "succeeded")];
    const steps: string[] = [];
    const last = await followRun({ look: async () => Promise.resolve(runs.shift() ?? at(9, "too far")), onStep: ({ label }) => steps.push(label), sleep: async () => Promise.resolve(), isLate: () => false });
    expect([last.status, steps]).toEqual(["succeeded", ["Reading", "Writing", "Live"]]);
  });

  it("gives up when it is late", async () => {
    const last = await followRun({ look: async () => Promise.resolve(at(1, "Reading")), onStep: () => undefined, sleep: async () => Promise.resolve(), isLate: () => true });
    expect(last.status).toBe("running");
  });
});

describe("what is shown of a result", () => {
  it("are values with where they are from, what is asked, and what is left to do", () => {
    const lines = renderResult(
      {
        project_id: "acme", status: "onboarded", live: false,
        simulation: { passed: false, rings: null, checks: [{ what: "a number to call from", passed: false, detail: "TWILIO_PHONE_NUMBER is not set." }] },
        fields: [
          { path: "identity.niche", value: "plumber", origin: "given", source_url: null, confidence: 1 },
          { path: "services.0", value: { name: "Taps", price_from: 90 }, origin: "model", source_url: "https://a.example/", confidence: 0.7 },
          { path: "identity.opening_hours", value: { mon: ["08:00-17:00"] }, origin: "json-ld", source_url: "https://a.example/", confidence: 0.95 },
        ],
        left_to_vertical: ["identity.contact.email"], questions: ["Which prices?"],
        checklist: [{ where: "Google Ads", paste: "https://apex.example/x", how: "with the key" }],
      },
      { paint: plain, width: 120 },
    ).join("\n");
    for (const words of ["Taps, from 90 (model, 0.7)", "mon 08:00-17:00 (json-ld, 0.95)", "  - Which prices?", "https://apex.example/x", "failed: TWILIO_PHONE_NUMBER is not set.", "acme is not live yet"]) expect(lines).toContain(words);
    expect(lines).not.toContain("plumber");
  });
});
