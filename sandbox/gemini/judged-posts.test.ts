import { describe, expect, it } from "vitest";
import { judgedPosts } from "./judged-posts.ts";
import { readSchema } from "./schema.ts";

const part = { type: "object", properties: { score: { type: "number" }, evidence: { type: "string" } } };
const schema = readSchema({ type: "array", items: { type: "object", properties: { post: { type: "string" }, urgency: part, budget: part, fit: part } } });
const INSTRUCTIONS = 'You judge posts for {"services":[{"name":"Burst pipes","keywords":["leak"]}],"area":["Ponsonby"]}';
const post = (name: string, said: object): string => `Post ${name}:\n<data-x post="${name}">\n${JSON.stringify(said)}\n</data-x>`;

describe("posts that are to be judged", () => {
  it("are judged each by its own words, which are quoted", () => {
    const prompt = [post("a", { title: "Burst pipe", words: "water everywhere, happy to pay", place: "Ponsonby" }), post("b", { title: "Sofa", words: "for free" })].join("\n");
    expect(judgedPosts(prompt, INSTRUCTIONS, schema)).toEqual([
      { post: "a", urgency: { score: 100, evidence: 'It says "Burst".' }, budget: { score: 90, evidence: 'It says "happy to pay".' }, fit: { score: 95, evidence: 'It says "Burst".' } },
      { post: "b", urgency: { score: 50, evidence: "Nothing is said of it." }, budget: { score: 10, evidence: 'It says "for free".' }, fit: { score: 10, evidence: "Nothing is said of it." } },
    ]);
  });

  it("are none where something else is asked for", () => {
    expect(judgedPosts(post("a", {}), INSTRUCTIONS, readSchema({ type: "array", items: { type: "object", properties: { post: { type: "string" } } } }))).toBeUndefined();
  });
});
