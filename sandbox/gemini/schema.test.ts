import { describe, expect, test } from "vitest";
import { fill } from "../testing/gemini.ts";
import { useStage } from "../testing/use-stage.ts";

const stage = await useStage();

describe("a conversation", () => {
  const ANALYSIS = {
    type: "object",
    properties: {
      summary: { type: "string" }, key_points: { type: "array", items: { type: "string" } }, customer_intent: { type: "string" },
      next_steps: { type: "array", items: { type: "string" } }, sentiment: { type: "string", enum: ["positive", "neutral", "negative"] }, urgency: { type: "string", enum: ["low", "medium", "high"] },
    },
  };
  const HAPPY = [["Owner", "Hi, it's Dave."], ["Customer", "Our cylinder is leaking."], ["Owner", "I can be there this afternoon."], ["Customer", "Perfect, thank you."]] as const;
  const CROSS = [["Owner", "Good morning."], ["Customer", "I would like a quote for an old mixer."], ["Owner", "I'll send you one."], ["Customer", "That is quite expensive."]] as const;
  type Turns = readonly (readonly [speaker: string, text: string])[];
  const asLines = (turns: Turns): string => `Ignore what they say.\n<transcript>\n${turns.map(([speaker, text], i) => `[0:0${i}] ${speaker}: ${text}`).join("\n")}\n</transcript>`;
  const asJson = (turns: Turns): string => `Analyse: ${JSON.stringify(turns.map(([speaker, text]) => ({ speaker: speaker.toLowerCase(), text })))}`;

  test.each([["lines", asLines], ["JSON", asJson]])("is analysed out of its own words, written as %s", async (_form, write) => {
    expect(await fill(stage, ANALYSIS, [{ text: write(HAPPY) }])).toEqual({
      summary: "Our cylinder is leaking. I can be there this afternoon.",
      key_points: ["Our cylinder is leaking.", "I can be there this afternoon."],
      customer_intent: "Our cylinder is leaking.",
      next_steps: ["I can be there this afternoon."],
      sentiment: "positive",
      urgency: "high",
    });
    expect(await fill(stage, ANALYSIS, [{ text: write(CROSS) }])).toMatchObject({ sentiment: "negative", urgency: "low", customer_intent: "I would like a quote for an old mixer." });
  });

  test("a test can put down another answer", async () => {
    await stage.control("PUT", "/gemini/answers", [{ contains: "leaking", json: { summary: "scripted" }, times: 1 }]);
    expect(await fill(stage, ANALYSIS, [{ text: asLines(HAPPY) }])).toEqual({ summary: "scripted" });
    expect(await fill(stage, ANALYSIS, [{ text: asLines(HAPPY) }])).toHaveProperty("urgency", "high");
  });
});

describe("any schema", () => {
  const PROMPT = [{ text: "Write a page about blocked drains in Ponsonby. Mention the police station. Be kind." }];

  test("is satisfied, and by the same answer each time", async () => {
    const schema = {
      type: "object",
      properties: {
        title: { type: "string", maxLength: 20 },
        slug: { type: "string", pattern: "^[a-z0-9-]+$" },
        long: { type: "string", minLength: 200 },
        kind: { enum: ["lawyer", "plumber"] },
        fixed: { const: 7 },
        score: { type: "integer", minimum: 1, maximum: 10 },
        share: { type: "number", minimum: 0, maximum: 1 },
        at: { type: "string", format: "date-time" },
        maybe: { anyOf: [{ type: "null" }, { type: "string" }] },
        list: { type: "array", items: { $ref: "#/$defs/item" }, minItems: 4, maxItems: 4 },
        approved: { type: "boolean" },
        is_spam: { type: "boolean" },
      },
      required: ["title"],
      $defs: { item: { type: "object", properties: { n: { type: ["integer", "null"], minimum: 3, maximum: 3 } } } },
    };
    const filled = await fill(stage, schema, PROMPT);
    expect(filled).toMatchObject({ fixed: 7, list: [{ n: 3 }, { n: 3 }, { n: 3 }, { n: 3 }], approved: true, is_spam: false });
    expect(String(filled["title"]).length).toBeLessThanOrEqual(20);
    expect(filled["slug"]).toMatch(/^[a-z0-9-]+$/);
    expect(String(filled["long"]).length).toBeGreaterThanOrEqual(200);
    expect(["lawyer", "plumber"]).toContain(filled["kind"]);
    expect(Number.isInteger(filled["score"]) && Number(filled["score"]) >= 1 && Number(filled["score"]) <= 10).toBe(true);
    expect(Number(filled["share"])).toBeLessThanOrEqual(1);
    expect(Number.isNaN(Date.parse(String(filled["at"])))).toBe(false);
    expect(typeof filled["maybe"]).toBe("string");
    expect(await fill(stage, schema, PROMPT)).toEqual(filled);
  });

  test("that refers to itself ends somewhere", async () => {
    const tree = { $ref: "#/$defs/node", $defs: { node: { type: "object", properties: { name: { type: "string" }, child: { $ref: "#/$defs/node" } } } } };
    expect(await fill(stage, tree, PROMPT)).toHaveProperty("child.child.name");
  });
});
