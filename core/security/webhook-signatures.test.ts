import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkSignature, faultInSecret, type SigningScheme } from "./webhook-signatures.ts";

const NOW = 1_795_600_000_000;
const body = new TextEncoder().encode('{"name":"Jane Doe","phone":"021 123 4567"}');
const WPFORMS = "a-secret-of-the-plugin";
/** Key and message of the specification's own example (standardwebhooks.com, "Signing example"); the signature recomputed from them. */
const STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const bytesOf = (secret: string): Uint8Array => Uint8Array.from(atob(secret.slice(6)), (byte) => byte.charCodeAt(0));
const wpforms = (at: string, over: { secret?: string; body?: Uint8Array } = {}): Record<string, string> => ({
  "x-wpforms-webhook-signature": `t=${at},v=${createHmac("sha256", over.secret ?? WPFORMS).update(`${at}.`).update(over.body ?? body).digest("hex")}`,
});
const sign = (id: string, at: string, secret = STANDARD, signed = body): string => `v1,${createHmac("sha256", bytesOf(secret)).update(`${id}.${at}.`).update(signed).digest("base64")}`;
const standard = (at: string, over: Record<string, string> = {}): Record<string, string> => ({ "webhook-id": "msg_1", "webhook-timestamp": at, "webhook-signature": sign("msg_1", at), ...over });
const seconds = (ms: number): string => String(ms / 1000);
const check = async (scheme: SigningScheme, headers: Record<string, string>, secret = scheme === "wpforms" ? WPFORMS : STANDARD) =>
  checkSignature(scheme, secret, { header: (name) => headers[name.toLowerCase()] ?? null, rawBody: body }, NOW);

describe("a WPForms signature", () => {
  it("is genuine over the timestamp and the raw body, and names the submission by itself", async () => {
    const headers = wpforms(seconds(NOW));
    expect(await check("wpforms", headers)).toEqual(await check("wpforms", headers));
    expect(await check("wpforms", headers)).toMatchObject({ genuine: true, delivery: expect.stringMatching(/^wpforms:[0-9a-f]{64}$/) as string });
  });

  it.each([
    ["missing", {}],
    ["of another secret", wpforms(seconds(NOW), { secret: "another-secret" })],
    ["of another body", wpforms(seconds(NOW), { body: new TextEncoder().encode("{}") })],
    ["of six minutes ago", wpforms(seconds(NOW - 360_000))],
    ["of six minutes from now", wpforms(seconds(NOW + 360_000))],
    ["without its timestamp", { "x-wpforms-webhook-signature": `v=${"0".repeat(64)}` }],
    ["with a timestamp that was changed", { "x-wpforms-webhook-signature": wpforms(seconds(NOW))["x-wpforms-webhook-signature"]?.replace(/t=\d/, "t=9") ?? "" }],
    ["in the other scheme's words", standard(seconds(NOW))],
  ])("%s is not", async (_, headers) => {
    expect(await check("wpforms", headers)).toEqual({ genuine: false });
  });

  it("holds for five minutes", async () => {
    for (const at of [NOW - 300_000, NOW + 300_000]) expect((await check("wpforms", wpforms(seconds(at)))).genuine).toBe(true);
  });
});

describe("a Standard Webhooks signature", () => {
  it("is that of the specification's example", async () => {
    const message = new TextEncoder().encode('{"test": 2432232314}');
    const headers: Record<string, string> = { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330", "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" };
    const request = { header: (name: string) => headers[name] ?? null, rawBody: message };
    expect(await checkSignature("standard_webhooks", STANDARD, request, 1_614_265_330_000)).toEqual({ genuine: true, delivery: "webhook:msg_p5jXN8AQM9LWM0D4loKWxJek" });
  });

  it("may be any of several", async () => {
    const at = seconds(NOW);
    expect(await check("standard_webhooks", standard(at, { "webhook-signature": `v1,${"A".repeat(43)}= v1a,other ${sign("msg_1", at)}` }))).toEqual({ genuine: true, delivery: "webhook:msg_1" });
  });

  it.each([
    ["missing", { "webhook-id": "msg_1", "webhook-timestamp": seconds(NOW) }],
    ["without an id", standard(seconds(NOW), { "webhook-id": "" })],
    ["of another id", standard(seconds(NOW), { "webhook-id": "msg_2" })],
    ["of another version", standard(seconds(NOW), { "webhook-signature": sign("msg_1", seconds(NOW)).replace("v1", "v2") })],
    ["of another secret", standard(seconds(NOW), { "webhook-signature": sign("msg_1", seconds(NOW), `whsec_${btoa("x".repeat(32))}`) })],
    ["of six minutes ago", standard(seconds(NOW - 360_000))],
    ["of six minutes from now", standard(seconds(NOW + 360_000))],
    ["with no number for a time", standard("1e9", { "webhook-signature": sign("msg_1", "1e9") })],
    ["behind more others than anybody needs", standard(seconds(NOW), { "webhook-signature": `${"v1,AAAA ".repeat(10)}${sign("msg_1", seconds(NOW))}` })],
  ])("%s is not", async (_, headers) => {
    expect(await check("standard_webhooks", headers)).toEqual({ genuine: false });
  });
});

it("a secret is checked before it is kept", () => {
  expect([faultInSecret("wpforms", "short"), faultInSecret("standard_webhooks", "whsec_c2hvcnQ="), faultInSecret("standard_webhooks", WPFORMS), faultInSecret("standard_webhooks", `whsec_${"!".repeat(40)}`)].every((fault) => fault !== null)).toBe(true);
  expect([faultInSecret("wpforms", WPFORMS), faultInSecret("standard_webhooks", STANDARD)]).toEqual([null, null]);
});
