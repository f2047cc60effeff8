import { afterEach, describe, expect, it, vi } from "vitest";
import { BASE, problem, wire } from "./gemini.testing.ts";
import { checkModel } from "./health.ts";
import { MODELS } from "./models.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("checkModel", () => {
  it("says whether the model is there, and never throws", async () => {
    const sent = wire({ name: "models/x" }, problem(403), "hang");
    const check = async () => checkModel({ apiKey: "k", baseUrl: BASE, timeoutMs: 10 });
    expect(await check()).toEqual({ ok: true, model: MODELS.analysis.id });
    expect(sent[0]?.url).toBe(`${BASE}/v1beta/models/${MODELS.analysis.id}`);
    expect(sent[0]?.headers.get("x-goog-api-key")).toBe("k");
    expect(await check()).toMatchObject({ ok: false, code: "gemini_rejected" });
    expect(await check()).toMatchObject({ ok: false, code: "gemini_timeout" });
  });
});
