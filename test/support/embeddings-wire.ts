import { vi } from "vitest";
import { z } from "zod";

const requestSchema = z.object({ requests: z.array(z.object({ content: z.object({ parts: z.array(z.object({ text: z.string() })) }), outputDimensionality: z.number() })) });

/** FNV-1a. */
const hash = (text: string): number => new TextEncoder().encode(text).reduce((value, byte) => Math.imul(value ^ byte, 16_777_619) >>> 0, 2_166_136_261);

/** A text's words, each at a place of its own: texts that share words are near each other. */
export const bagOfWords = (text: string, dimensions: number): number[] => {
  const values = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const position = hash(word) % dimensions;
    values[position] = (values[position] ?? 0) + 1;
  }
  return values;
};

/**
 * Stands in for Gemini's embeddings on the wire, and for nothing else: any other request fails. `answer` may decide otherwise.
 * `texts`: every text that was embedded, with the words that tell the model its task taken off, by model.
 */
export const standInForEmbeddings = () => {
  const texts: { model: string; text: string }[] = [];
  let answer: ((url: string) => Response | undefined) | undefined;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, { method: init?.method ?? "GET", body: init?.body ?? null });
    const special = answer?.(request.url);
    if (special !== undefined) return special;
    const [, model] = /^https:\/\/gemini\.test\/v1beta\/models\/([\w.-]+):batchEmbedContents$/.exec(request.url) ?? [];
    if (model === undefined) throw new Error(`unexpected request to ${request.url}`);
    const { requests } = requestSchema.parse(await request.json());
    const embeddings = requests.map(({ content, outputDimensionality }) => {
      const text = content.parts.map((part) => part.text.replace(/^(?:title: none \| text|task: search result \| query): /, "")).join("");
      texts.push({ model, text });
      return { values: bagOfWords(text, outputDimensionality) };
    });
    return Response.json({ embeddings });
  });
  return {
    texts,
    answerWith: (respond: (url: string) => Response | undefined) => void (answer = respond),
    answerNormally: () => void (answer = undefined),
  };
};
