import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linesOf, overlap, placeLabels } from "./labels.ts";
import { mapAlt, mapDocument, mapSvg } from "./map-svg.ts";
import { layOut, MAP_SIZE, MOST_ANCHORS, roundLength } from "./place-map.ts";

const ponsonby = { name: "Ponsonby", lat: -36.8525, lon: 174.7409 };
const court = { name: "Auckland District Court", lat: -36.8466, lon: 174.7638 };
const near = fc.record({ name: fc.string({ minLength: 1, maxLength: 60 }), lat: fc.double({ min: -37.2, max: -36.5, noNaN: true }), lon: fc.double({ min: 174.3, max: 175.2, noNaN: true }) });

describe("a map", () => {
  it("has north up and east to the right, and everything at its true distance", () => {
    const [north, east] = [{ name: "North", lat: ponsonby.lat + 0.01, lon: ponsonby.lon }, { name: "East", lat: ponsonby.lat, lon: ponsonby.lon + 0.01 }];
    const { centre, anchors, px_per_km } = layOut({ place: ponsonby, anchors: [north, east] });
    const spot = (name: string) => anchors.find((anchor) => anchor.name === name) ?? { x: 0, y: 0, distance_km: 0 };
    expect(spot("North").y).toBeLessThan(centre.y);
    expect(spot("North").x).toBeCloseTo(centre.x, 3);
    expect(spot("East").x).toBeGreaterThan(centre.x);
    for (const { x, y, distance_km } of anchors) expect(Math.hypot(x - centre.x, y - centre.y) / px_per_km).toBeCloseTo(distance_km, 6);
  });

  it("shows all of it inside, at most eight, the nearest", () => {
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 30 }), (anchors) => {
        const layout = layOut({ place: ponsonby, anchors });
        expect(layout.anchors.length).toBe(Math.min(MOST_ANCHORS, anchors.length));
        for (const { x, y } of [layout.centre, ...layout.anchors]) expect(x >= 20 && x <= MAP_SIZE.width - 20 && y >= 20 && y <= MAP_SIZE.height - 20).toBe(true);
        expect(layout.rings.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it("lets no name lie on another, on a point or outside", () => {
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 12 }), (anchors) => {
        const spots = layOut({ place: ponsonby, anchors }).anchors;
        const labels = placeLabels(spots, []).filter((label) => label !== null);
        for (const [at, label] of labels.entries()) {
          expect(labels.slice(at + 1).some((other) => overlap(label, other))).toBe(false);
          expect(spots.some(({ x, y }) => overlap(label, { x: x - 18, y: y - 18, width: 36, height: 36 }))).toBe(false);
          expect(label.x >= 0 && label.y >= 0 && label.x + label.width <= MAP_SIZE.width && label.y + label.height <= MAP_SIZE.height).toBe(true);
        }
      }),
    );
  });

  it("lets a name from the map data be words and nothing else", () => {
    const spec = { place: ponsonby, anchors: [{ ...court, name: `</text><script>alert(1)</script>&"'` }] };
    expect(mapSvg(spec)).not.toContain("<script");
    expect(mapSvg(spec)).toContain("&#60;");
    expect(mapDocument(spec)).not.toMatch(/(?:src|href)\s*=/);
  });

  it("names its source, and is the same for the same places", () => {
    const spec = { place: ponsonby, anchors: [court] };
    expect(mapSvg(spec)).toContain("© OpenStreetMap contributors");
    expect(mapSvg(spec)).toBe(mapSvg(structuredClone(spec)));
  });

  it("is told in words", () => {
    expect(mapAlt({ place: ponsonby, anchors: [court] })).toBe("Map of Ponsonby with one place nearby and the straight-line distance to each: Auckland District Court (2.1 km).");
  });
});

describe("words on a map", () => {
  it.each([["Ponsonby", ["Ponsonby"]], ["Auckland District Court", ["Auckland District", "Court"]], ["A very long name of a place that does not fit", ["A very long name of", "a place that does n…".slice(0, 20)]]])("cut %j into lines", (name, lines) => {
    expect(linesOf(name).length).toBeLessThanOrEqual(2);
    expect(linesOf(name)[0]).toBe(lines[0]);
  });
  it.each([[0.73, 0.5], [1, 1], [1.9, 1], [2.1, 2], [7, 5], [0.04, 0.02], [12, 10]])("take %d km as %d", (km, round) => expect(roundLength(km)).toBeCloseTo(round, 9));
});
