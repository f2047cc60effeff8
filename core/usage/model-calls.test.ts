import { afterEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { GOOD, problem, setUp, wire } from "../providers/gemini/gemini.testing.ts";
import { MODELS } from "../providers/gemini/models.ts";
import { linesOf } from "./metered-gateway.ts";
import { createModelCallNotes } from "./model-calls.ts";

afterEach(() => vi.restoreAllMocks());

const lineSchema = z.looseObject({ event: z.string() });

it("each try that was counted is a line of the log and a point, with its tokens, cost and time, and nothing of what was said", async () => {
  const lines: z.infer<typeof lineSchema>[] = [];
  const points: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(lineSchema.parse(JSON.parse(String(line)))));
  const now = Date.UTC(2026, 10, 26);
  const note = createModelCallNotes({ dataset: { writeDataPoint: (point) => void points.push(point) }, now: () => now });
  // What no vendor has counted costs nothing, and is no call.
  wire(problem(503), GOOD);
  let real = 1000;
  const { ask } = setUp({ now: () => (real += 250), onUsage: (call) => note({ tenantId: "ten_1", projectId: "p-1", runId: "run_1" }, call) });
  await ask();
  const usage = { purpose: "analysis" as const, input_tokens: 10, output_tokens: 5, model: "v-1" };
  const cost_micros = linesOf(usage, now).reduce((sum, line) => sum + line.cost_micros, 0);
  expect(cost_micros).toBeGreaterThan(0);
  const noted = lines.filter(({ event }) => event === "model asked");
  expect(noted).toEqual([expect.objectContaining({ level: "info", tenant_id: "ten_1", project_id: "p-1", run_id: "run_1", ...usage, cost_micros, duration_ms: 250 })]);
  expect(points).toEqual([{ indexes: ["ten_1"], blobs: ["model", "analysis", "v-1", "p-1", "run_1"], doubles: [250, 10, 5, cost_micros] }]);
  expect(JSON.stringify([noted, points])).not.toMatch(/42|Be brief/);
});

it("embedding is one too", async () => {
  const points: { doubles?: number[] }[] = [];
  const note = createModelCallNotes({ dataset: { writeDataPoint: (point) => void points.push((point ?? {})) }, now: Date.now });
  const { id, dimensions } = MODELS.embedding;
  wire({ embeddings: [{ values: [1, ...Array.from({ length: dimensions - 1 }, () => 0)] }], usageMetadata: { promptTokenCount: 7 } });
  const { gateway } = setUp({ onUsage: (call) => note({ tenantId: "ten_1", projectId: null, runId: null }, call) });
  await gateway.embed({ model: MODELS.embedding, task: "query", texts: ["x"] });
  expect(points).toMatchObject([{ blobs: ["model", "embedding", id, "", ""] }]);
  expect(points[0]?.doubles?.slice(1, 3)).toEqual([7, 0]);
});
