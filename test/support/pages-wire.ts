import { vi } from "vitest";
import { z } from "zod";
import type { ProseFaultKind } from "../../sandbox/gemini/prose/faults.ts";
import { Prose } from "../../sandbox/gemini/prose/prose.ts";
import { readSchema } from "../../sandbox/gemini/schema.ts";
import { bagOfWords } from "./embeddings-wire.ts";

const generateSchema = z.object({
  systemInstruction: z.object({ parts: z.array(z.object({ text: z.string() })) }),
  contents: z.array(z.object({ parts: z.array(z.object({ text: z.string() })) })),
  generationConfig: z.object({ responseJsonSchema: z.unknown() }),
});
const embedSchema = z.object({ requests: z.array(z.object({ content: z.object({ parts: z.array(z.object({ text: z.string() })) }), outputDimensionality: z.number() })) });

/** One question to the model that writes or reviews. */
export interface AskedForProse {
  system: string;
  prompt: string;
  about: "page" | "review";
  /** Four letters a token, Google's own rule of thumb. */
  tokens: { read: number; written: number };
}

/**
 * Gemini on the wire with the sandbox's writer behind it: pages from numbered sources, their reviews, and embeddings. Anything else fails.
 * `faults` meet pages in turn; `onPage` may do something before a page is answered, or answer otherwise.
 */
export const standInForProse = () => {
  const prose = new Prose();
  const asked: AskedForProse[] = [];
  const faults: ProseFaultKind[] = [];
  const hooks: { onPage?: (() => Promise<Response | undefined>) | undefined; review?: object | undefined } = {};
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, { method: init?.method ?? "GET", body: init?.body ?? null });
    const verb = /^https:\/\/gemini\.test\/v1beta\/models\/[\w.-]+:(\w+)$/.exec(request.url)?.[1];
    if (verb === "batchEmbedContents") {
      const { requests } = embedSchema.parse(await request.json());
      return Response.json({ embeddings: requests.map(({ content, outputDimensionality }) => ({ values: bagOfWords(content.parts.map(({ text }) => text).join(""), outputDimensionality) })) });
    }
    if (request.url === "https://mail.test/emails") return Response.json({ id: "sent" });
    if (verb !== "generateContent") throw new Error(`unexpected request to ${request.url}`);
    const body = generateSchema.parse(await request.json());
    const prompt = body.contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join("\n");
    const about = prompt.startsWith("The page, each line") ? "review" : "page";
    const system = body.systemInstruction.parts.map(({ text }) => text).join("\n");
    const question: AskedForProse = { system, prompt, about, tokens: { read: Math.ceil((system.length + prompt.length) / 4), written: 0 } };
    asked.push(question);
    const special = about === "page" ? await hooks.onPage?.() : undefined;
    if (special !== undefined) return special;
    const kind = about === "page" ? faults.shift() : undefined;
    const answer = about === "review" && hooks.review !== undefined ? JSON.stringify(hooks.review) : prose.answer(prompt, readSchema(body.generationConfig.responseJsonSchema), () => (kind === undefined ? undefined : { kind, times: 1 }));
    if (answer === undefined) throw new Error("a question that the stand-in has no answer to");
    question.tokens.written = Math.ceil(answer.length / 4);
    return Response.json({ candidates: [{ content: { role: "model", parts: [{ text: answer }] }, finishReason: "STOP" }], usageMetadata: { promptTokenCount: question.tokens.read, candidatesTokenCount: question.tokens.written }, modelVersion: "v-1" });
  });
  return {
    asked,
    faults,
    hooks,
    pages: () => asked.filter(({ about }) => about === "page").length,
    reset: () => {
      asked.length = 0;
      faults.length = 0;
      hooks.onPage = undefined;
      hooks.review = undefined;
    },
  };
};
