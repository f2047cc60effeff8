import { describe, expect, it } from "vitest";
import { completionsAt } from "./completion.ts";
import type { JsonSchema } from "./json-schema.ts";

const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] });
const schema: JsonSchema = {
  type: "object",
  properties: {
    identity: nullable({ type: "object", properties: { niche: nullable({ type: "string", description: "The trade" }), country: nullable({ type: "string" }) } }),
    services: nullable({ type: "array", items: { type: "object", properties: { name: { type: "string" }, emergency: { type: "boolean" }, hours: { type: "object", properties: { mon: { type: "array" } } } } } }),
    bridge: nullable({ type: "object", properties: { strategy: nullable({ type: "string", enum: ["sequential", "round_robin"] }), enabled: nullable({ type: "boolean" }) } }),
    sources: nullable({ type: "object", additionalProperties: { oneOf: [{ type: "object", properties: { kind: { type: "string", const: "rss" }, url: { type: "string" } } }, { type: "object", properties: { kind: { type: "string", const: "html_list" }, next: { type: "string" } } }] } }),
  },
};
/** `|` is the cursor. */
const at = (text: string): string[] => completionsAt(schema, text.replace("|", ""), text.indexOf("|"))?.options.map(({ label }) => label) ?? [];

describe("what may be written", () => {
  it.each([
    ["|", ["identity", "services", "bridge", "sources"]],
    ["identity:\n  |", ["niche", "country"]],
    ["identity:\n  niche: plumber\n  c|", ["country"]],
    ["identity:\n  |\n  country: NZ\n", ["niche"]],
    ["bridge:\n  strategy: |", ["sequential", "round_robin"]],
    ["bridge:\n  # why\n\n  enabled: t|", ["true", "false"]],
    ["services:\n  - |", ["name", "emergency", "hours"]],
    ["services:\n  - name: Taps\n    |", ["emergency", "hours"]],
    ["services:\n- name: Taps\n- |", ["name", "emergency", "hours"]],
    ["services:\n- name: Taps\n  hours:\n    |", ["mon"]],
    ["services:\n  - name: Taps\nbridge:\n  |", ["strategy", "enabled"]],
    ["sources:\n  board:\n    |", ["kind", "url", "next"]],
    ["sources:\n  board:\n    kind: |", ["rss", "html_list"]],
    ["identity:\n  niche: pl|", []],
    ["nothing:\n  |", []],
  ])("at %j is %j", (text, expected) => expect(at(text)).toEqual(expected));

  it("goes on where the next thing stands, and says what it is", () => {
    const options = completionsAt(schema, "i", 1)?.options ?? [];
    expect(options.find(({ label }) => label === "identity")?.apply).toBe("identity:\n  ");
    expect(options.find(({ label }) => label === "services")?.apply).toBe("services:\n  - ");
    expect(completionsAt(schema, "identity:\n  n", 13)?.options[0]).toEqual({ label: "niche", apply: "niche: ", detail: "string", info: "The trade" });
  });
});
