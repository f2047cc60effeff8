import { describe, expect, it } from "vitest";
import { kendall, spearman, topOverlap } from "../lib/rank.ts";
import { loadDna, loadLeads, loadPairs } from "./sets.ts";

describe("the labelled sets", () => {
  it("hold a hundred leads of every worth, for a business that its DNA describes", () => {
    const leads = loadLeads();
    expect(leads).toHaveLength(100);
    expect(new Set(leads.map(({ title, text }) => title + text)).size).toBe(100);
    expect([leads.filter(({ worth }) => worth >= 80).length, leads.filter(({ worth }) => worth < 20).length].every((count) => count >= 15)).toBe(true);
    expect(loadDna()).toMatchObject({ identity: { niche: "plumber" }, modules: { lead_gen: { scoring: { price_floor: 120 } } } });
  });

  it("hold more than sixty pairs, alike and not", () => {
    const pairs = loadPairs();
    expect(pairs.length).toBeGreaterThanOrEqual(60);
    expect([pairs.filter(({ same }) => same).length, pairs.filter(({ same }) => !same).length].every((count) => count >= 25)).toBe(true);
  });
});

describe("rank correlation", () => {
  it.each([
    [[1, 2, 3, 4], [10, 20, 30, 40], 1, 1],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1, -1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8, 0.6],
    // With ties, by hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    [[1, 2, 2, 3], [1, 2, 3, 4], 0.9487, 0.9129],
    [[1, 1, 1], [1, 2, 3], 0, 0],
  ])("of %j and %j is %d (Spearman), %d (Kendall)", (a, b, rho, tau) => {
    expect(spearman(a, b)).toBeCloseTo(rho, 4);
    expect(kendall(a, b)).toBeCloseTo(tau, 4);
  });

  it("at the top is the share of the best in common", () => {
    expect(topOverlap([9, 8, 1, 2], [9, 1, 8, 2], 2)).toBe(0.5);
  });
});
