import { describe, expect, it } from "vitest";
import { z } from "zod";
import { responseJsonSchema } from "./json-schema.ts";

describe("responseJsonSchema", () => {
  it("keeps what Google's subset knows and drops the rest", () => {
    const rich = z.object({
      id: z.string().min(3).max(9).regex(/x/),
      kind: z.literal("lead"),
      age: z.int().positive().optional(),
      share: z.number().min(0).max(1),
      tags: z.array(z.string().trim()).max(20),
      many: z.array(z.string()).max(5000),
      pattern: z.enum(["a", "b"]).nullable(),
      when: z.string().transform((text) => new Date(text)),
    });
    const text = JSON.stringify(responseJsonSchema(rich));
    expect(text).not.toMatch(/"(\$schema|minLength|maxLength|const|exclusiveMinimum|default)"|9007199254740991|5000/);
    expect(responseJsonSchema(rich)).toMatchObject({
      type: "object",
      properties: {
        id: { type: "string" },
        kind: { type: "string", enum: ["lead"] },
        age: { type: "integer" },
        share: { type: "number", minimum: 0, maximum: 1 },
        tags: { type: "array", items: { type: "string" }, maxItems: 20 },
        many: { type: "array", items: { type: "string" } },
        pattern: { anyOf: [{ type: "string", enum: ["a", "b"] }, { type: "null" }] },
        when: { type: "string" },
      },
      required: ["id", "kind", "share", "tags", "many", "pattern", "when"],
    });
  });
});
