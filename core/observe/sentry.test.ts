import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { logger, reportErrors } from "../log.ts";
import { registerSecrets } from "../security/known-secrets.ts";
import { createSentry, parseDsn } from "./sentry.ts";

const NOON = Date.parse("2026-11-26T12:00:00Z");
const eventSchema = z.looseObject({ event_id: z.string(), level: z.string(), logger: z.string(), fingerprint: z.array(z.string()), tags: z.record(z.string(), z.string()), extra: z.record(z.string(), z.unknown()), exception: z.object({ values: z.array(z.object({ type: z.string(), value: z.string() })) }).optional() });

/** A Sentry on the wire, which the test holds. */
const service = () => {
  let now = NOON;
  let answer = (): Response => Response.json({ id: "x" });
  const envelopes: { url: string; auth: string | null; lines: unknown[]; text: string }[] = [];
  const sentry = createSentry({
    dsn: { url: "https://sentry.test/api/42/envelope/", key: "public" }, environment: "production", release: "0.1.0", server: "oc.api.apex.example", now: () => now,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const text = await request.text();
      envelopes.push({ url: request.url, auth: request.headers.get("X-Sentry-Auth"), lines: text.split("\n").map((line): unknown => JSON.parse(line)), text });
      return answer();
    },
  });
  const sent: Promise<unknown>[] = [];
  reportErrors(sentry, (work) => void sent.push(work));
  return { envelopes, settled: async () => Promise.all(sent), pass: (ms: number) => void (now += ms), answers: (next: typeof answer) => void (answer = next) };
};
const log = logger("http");
afterEach(() => reportErrors(() => null, () => undefined));

describe("a DSN", () => {
  it.each([
    ["https://abc@o1.ingest.sentry.io/42", { url: "https://o1.ingest.sentry.io/api/42/envelope/", key: "abc" }],
    ["https://abc@errors.example.com/sentry/7", { url: "https://errors.example.com/sentry/api/7/envelope/", key: "abc" }],
    ["https://o1.ingest.sentry.io/42", null], ["https://abc@o1.ingest.sentry.io/", null], ["abc", null], ["ftp://abc@x/1", null],
  ])("%s", (dsn, expected) => {
    expect(parseDsn(dsn)).toEqual(expected);
  });
});

describe("an error in the log", () => {
  it("is told as an envelope of three lines, found by its ids, without secrets", async () => {
    const { envelopes, settled } = service();
    registerSecrets(["a-secret-of-sixteen-characters"]);
    log.error("request failed", { request_id: "req_1", tenant_id: "ten_1", code: "internal", error: "TypeError: x of a-secret-of-sixteen-characters is not a function", stack: "TypeError\n at y", token: "t0ken" });
    log.warn("request was odd", { request_id: "req_2" });
    await settled();
    expect(envelopes).toHaveLength(1);
    expect(envelopes[0]).toMatchObject({ url: "https://sentry.test/api/42/envelope/", auth: "Sentry sentry_version=7, sentry_client=apex/0.1.0, sentry_key=public", lines: [{ sent_at: "2026-11-26T12:00:00.000Z" }, { type: "event" }, {}] });
    const event = eventSchema.parse(envelopes[0]?.lines[2]);
    expect(event).toMatchObject({ level: "error", logger: "http", environment: "production", fingerprint: ["http", "request failed", "internal", "TypeError"], tags: { request_id: "req_1", tenant_id: "ten_1", code: "internal" }, exception: { values: [{ type: "TypeError" }] } });
    expect(event.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(envelopes[0]?.text).not.toMatch(/a-secret-of|t0ken/);
  });

  it("is told thirty times a minute at most, and not while the service wants its rest", async () => {
    const { envelopes, settled, pass, answers } = service();
    for (let i = 0; i < 100; i++) log.error("broken");
    await settled();
    expect(envelopes).toHaveLength(30);
    pass(60_000);
    answers(() => new Response("", { status: 429, headers: { "X-Sentry-Rate-Limits": "120:error:organization" } }));
    log.error("broken");
    await settled();
    pass(119_000);
    log.error("broken");
    await settled();
    expect(envelopes).toHaveLength(31);
    pass(1_000);
    log.error("broken");
    await settled();
    expect(envelopes).toHaveLength(32);
  });

  it("that cannot be told brings about no other", async () => {
    const { envelopes, settled, answers } = service();
    answers(() => {
      throw new TypeError("connection refused");
    });
    log.error("broken");
    await settled();
    expect(envelopes).toHaveLength(1);
  });
});
