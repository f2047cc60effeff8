import { describe, expect, it } from "vitest";
import { scaleFor, tickLabel } from "./scale.ts";
import { histogramPlot, linePlot } from "./svg.ts";

describe("a scale", () => {
  it("ends at a round number that no value exceeds", () => {
    const { place, ticks } = scaleFor([3, 47], { label: "ms" });
    expect(ticks).toEqual([0, 10, 20, 30, 40, 50]);
    expect([place(0), place(25), place(50)]).toEqual([0, 0.5, 1]);
  });

  it("has the same room for each power of ten when it is logarithmic", () => {
    const { place, ticks } = scaleFor([1000, 1_000_000], { label: "leads", log: true });
    expect(ticks.map(tickLabel)).toEqual(["1k", "10k", "100k", "1M"]);
    expect(place(10_000) - place(1000)).toBeCloseTo(place(1_000_000) - place(100_000));
  });

  it("stands where all values are the same", () => {
    for (const log of [true, false]) {
      const { place } = scaleFor([10, 10], { label: "ms", log });
      expect(place(10)).toBeGreaterThanOrEqual(0);
      expect(place(10)).toBeLessThanOrEqual(1);
    }
  });
});

describe("a plot", () => {
  const axes = { x: { label: "forms a second", log: true }, y: { label: "ms" } };

  it("draws each point that is a number, and names axes and lines", () => {
    const { svg } = linePlot({ name: "p", title: "Slow & fast", ...axes, series: [{ name: "<p50>", colour: 0, points: [[5, 10], [50, Number.NaN], [500, 20]] }, { name: "none", colour: 1, points: [] }] });
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).toContain("Slow &amp; fast");
    expect(svg).toContain("&lt;p50&gt;");
    expect(svg).toContain("forms a second");
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it("counts every value of a histogram once, the least and the most included", () => {
    const { svg } = histogramPlot({ name: "h", title: "h", x: { label: "ms", log: true }, y: { label: "callbacks" }, values: [1, 1, 10, 100], bars: 2 });
    expect(svg.match(/class="bar/g)).toHaveLength(2);
    const heights = [...svg.matchAll(/class="bar[^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights[0]).toBeCloseTo(heights[1] ?? 0);
  });
});
