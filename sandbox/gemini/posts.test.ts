import { describe, expect, test } from "vitest";
import { toldByLines } from "./posts.ts";
import { readSchema } from "./schema.ts";

const text = { type: "string" };
const schema = readSchema({ type: "array", items: { type: "object", properties: { title: text, first_line: { type: "integer" }, last_line: { type: "integer" }, location: text, phone: text, posted: text, urgency: { enum: ["low", "medium", "high"] } } } });
const tell = (...lines: string[]) => toldByLines(lines.map((line, index) => `${index + 1}| ${line}`).join("\n"), schema);

describe("the stand-in's reading of posts", () => {
  test("tells where each begins and ends, in the posts' own words", () => {
    expect(tell("Home", "Need a plumber, tap drips", "It drips all night. In Epsom.", "Epsom, 2 hours ago", "ring 021 234 5678", "ADVERTISEMENT", "Win a car", "Blocked drain", "No rush", "Next")).toEqual([
      { title: "Need a plumber, tap drips", first_line: 2, last_line: 5, location: "Epsom", phone: "021 234 5678", posted: "2 hours ago", urgency: null },
      { title: "Blocked drain", first_line: 8, last_line: 9, location: null, phone: null, posted: null, urgency: "low" },
    ]);
  });

  test("sees no post in the page's own words, or where people offer what they do", () => {
    expect(tell("Log in", "Licensed plumber, 20 years of experience", "Call us", "© 2026")).toEqual([]);
  });

  test("leaves every other question to others", () => {
    expect(toldByLines("1| a", readSchema({ type: "array", items: { type: "object", properties: { name: text } } }))).toBeUndefined();
  });
});
