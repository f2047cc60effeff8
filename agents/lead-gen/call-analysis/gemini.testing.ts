import { vi } from "vitest";
import { z } from "zod";
import { says } from "../../../core/providers/gemini/gemini.testing.ts";
import { createGeminiGateway, type GeminiGateway } from "../../../core/providers/gemini/gateway.ts";

const BASE = "http://gemini.test";

const requestSchema = z.object({
  systemInstruction: z.object({ parts: z.tuple([z.object({ text: z.string() })]) }),
  contents: z.tuple([
    z.object({
      parts: z.array(
        z.object({
          text: z.string().optional(),
          inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional(),
          fileData: z.object({ mimeType: z.string(), fileUri: z.string() }).optional(),
        }),
      ),
    }),
  ]),
  generationConfig: z.object({ maxOutputTokens: z.number() }),
});

/** One request for content, as it went over the wire. */
export interface Asked {
  system: string;
  text: string;
  audio: Uint8Array;
  mimeType: string | undefined;
  inline: boolean;
  maxOutputTokens: number;
}

/**
 * Gemini on the wire, for tests of what is said to it: the network's `fetch` is replaced, everything of ours is real.
 * @param answer the model's text for a request
 */
export const standInForGemini = (answer: (asked: Asked) => string): { gateway: GeminiGateway; asked: Asked[]; calls: string[] } => {
  const asked: Asked[] = [];
  const calls: string[] = [];
  const uploads = new Map<string, Uint8Array>();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, { method: init?.method ?? "GET", headers: init?.headers ?? {}, body: init?.body ?? null });
    const { pathname, searchParams } = new URL(request.url);
    calls.push(`${request.method} ${pathname.replace(/models\/[^:]+/, "models/*")}`);
    if (request.method === "DELETE") return Response.json({});
    const uploadId = searchParams.get("upload_id");
    if (uploadId !== null) {
      uploads.set(`${BASE}/v1beta/files/${uploadId}`, new Uint8Array(await request.arrayBuffer()));
      return Response.json({ file: { name: `files/${uploadId}`, uri: `${BASE}/v1beta/files/${uploadId}`, state: "ACTIVE" } });
    }
    if (pathname === "/upload/v1beta/files") {
      return Response.json({}, { headers: { "x-goog-upload-url": `${BASE}/upload/v1beta/files?upload_id=u${calls.length}` } });
    }
    const body = requestSchema.parse(await request.json());
    const parts = body.contents[0].parts;
    const inline = parts.find((part) => part.inlineData !== undefined)?.inlineData;
    const file = parts.find((part) => part.fileData !== undefined)?.fileData;
    const heard: Asked = {
      system: body.systemInstruction.parts[0].text,
      text: parts.map(({ text }) => text ?? "").join("\n"),
      audio: inline === undefined ? (uploads.get(file?.fileUri ?? "") ?? new Uint8Array(0)) : Uint8Array.from(atob(inline.data), (letter) => letter.charCodeAt(0)),
      mimeType: inline?.mimeType ?? file?.mimeType,
      inline: inline !== undefined,
      maxOutputTokens: body.generationConfig.maxOutputTokens,
    };
    asked.push(heard);
    return Response.json(says(answer(heard)));
  });
  const gateway = createGeminiGateway({ apiKey: "k", baseUrl: BASE, wait: async () => Promise.resolve(), random: () => 0 });
  return { gateway, asked, calls };
};
