import { AppError, describeError } from "../../errors.ts";
import { createGeminiHttp, type Fetch } from "./http.ts";
import { MODELS, type ModelTable, type Purpose } from "./models.ts";

export type ModelHealth = { ok: true; model: string } | { ok: false; model: string; code: string; reason: string };

/**
 * Whether the model of a purpose is there and our key may see it: one GET that generates nothing and costs nothing.
 * It never throws; `reason` is for operators.
 */
export const checkModel = async ({
  apiKey,
  baseUrl,
  fetch: fetcher = async (input, init) => fetch(input, init),
  timeoutMs,
  purpose = "analysis",
  models = MODELS,
}: {
  apiKey: string;
  baseUrl: string;
  fetch?: Fetch;
  timeoutMs: number;
  purpose?: Purpose;
  models?: ModelTable;
}): Promise<ModelHealth> => {
  const model = models[purpose].id;
  try {
    const http = createGeminiHttp({ apiKey, baseUrl, fetch: fetcher });
    await http({ method: "GET", url: `/v1beta/models/${model}`, timeoutMs, read: async (response) => response.body?.cancel() });
    return { ok: true, model };
  } catch (error) {
    return { ok: false, model, code: error instanceof AppError ? error.code : "gemini_unreachable", reason: describeError(error) };
  }
};
