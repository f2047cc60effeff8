import { vi } from "vitest";
import { z } from "zod";
import type { Usage } from "./client.ts";
import { createGeminiGateway, type GeminiGatewayTools } from "./gateway.ts";

export const BASE = "http://gemini.test";
const schema = z.object({ answer: z.string() });
/** A complete answer to `ask`. */
export const GOOD = { candidates: [{ content: { role: "model", parts: [{ text: '{"answer":"42"}' }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 3, thoughtsTokenCount: 2 }, modelVersion: "v-1" };
export const says = (text: string, finishReason = "STOP") => ({ candidates: [{ content: { parts: [{ text }] }, finishReason }] });
export const problem = (status: number, details: unknown[] = []) => new Response(JSON.stringify({ error: { code: status, message: "no", status: "NO", details } }), { status });
export const retryInfo = (retryDelay: string) => ({ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay });

export interface Sent {
  url: string;
  headers: Headers;
  body: Record<string, unknown>;
}
export type Answer = Record<string, unknown> | Response | Error | "hang" | ((signal: AbortSignal | undefined) => Promise<Response>);

/** Gemini on the wire: answers what it is told to, in turn, and the last for ever. */
export const wire = (...answers: Answer[]) => {
  const sent: Sent[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, { method: init?.method ?? "GET", headers: init?.headers ?? {}, body: init?.body ?? null });
    const text = await request.text();
    sent.push({ url: request.url, headers: request.headers, body: text === "" ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)) });
    const answer = answers[Math.min(sent.length, answers.length) - 1];
    if (answer === undefined || answer === "hang") return new Promise<Response>(() => undefined);
    if (answer instanceof Error) throw answer;
    if (typeof answer === "function") return answer(init?.signal ?? undefined);
    return answer instanceof Response ? answer.clone() : Response.json(answer);
  });
  return sent;
};

/** A gateway whose waits are noted instead of waited, and whose chance is fixed. */
export const setUp = (tools: Partial<GeminiGatewayTools> = {}) => {
  const waits: number[] = [];
  const usages: (Usage & { purpose: string })[] = [];
  const gateway = createGeminiGateway({
    apiKey: "AQ.key",
    baseUrl: BASE,
    wait: async (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
    onUsage: (usage) => {
      usages.push(usage);
    },
    ...tools,
  });
  const ask = async (more: { maxOutputTokens?: number; signal?: AbortSignal; acceptText?: (text: string) => { answer: string } | undefined } = {}) =>
    gateway.generate({ purpose: "analysis", system: "Be brief.", parts: [{ text: "?" }], schema, maxOutputTokens: 1000, ...more });
  return { gateway, ask, waits, usages };
};
