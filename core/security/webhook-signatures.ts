import { createHmac } from "node:crypto";
import { sameSecret } from "./constant-time.ts";

/** How a form's sender signs: the WPForms plugin in its own way, or by standardwebhooks.com. */
export const signingSchemes = ["wpforms", "standard_webhooks"] as const;
export type SigningScheme = (typeof signingSchemes)[number];

export interface SignedRequest {
  header: (name: string) => string | null;
  rawBody: Uint8Array;
}

/** `delivery`: the sender's name for this submission, the same when it is sent again. */
export type SignatureCheck = { genuine: true; delivery: string } | { genuine: false };

const NOT_GENUINE: SignatureCheck = { genuine: false };
/** Both ways, for clocks that differ (Standard Webhooks, "Verifying webhook authenticity"). */
const TOLERANCE_MS = 5 * 60_000;
const MOST_SIGNATURES = 10;

const isRecent = (seconds: string, now: number): boolean => /^\d{1,12}$/.test(seconds) && Math.abs(Number(seconds) * 1000 - now) <= TOLERANCE_MS;

/** Every candidate is compared, so that the time tells nothing of which one was right. */
const isAmong = async (expected: string, given: readonly string[]): Promise<boolean> => (await Promise.all(given.map(async (one) => sameSecret(expected, one)))).includes(true);

/** The key bytes of a `whsec_…` secret: 24 to 64 of them (Standard Webhooks, "Symmetric"). Null when it is none. */
const standardKey = (secret: string): Uint8Array | null => {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/.exec(secret) ?? [];
  if (encoded === undefined) return null;
  try {
    const key = Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0));
    return key.length >= 24 && key.length <= 64 ? key : null;
  } catch {
    return null;
  }
};

/** A new secret of 256 bits, as Standard Webhooks writes them. */
export const newSigningSecret = (): string => `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;

/**
 * One signature of what we send, as `webhook-signature` lists them.
 * @param timestamp seconds since the epoch, as in `webhook-timestamp`
 * @throws Error when the secret is none of `newSigningSecret`'s kind
 */
export const signStandard = (secret: string, { id, timestamp, body }: { id: string; timestamp: string; body: string }): string => {
  const key = standardKey(secret);
  if (key === null) throw new Error("not a Standard Webhooks secret");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
};

/** What is wrong with a secret for that scheme, in words for a person; null: nothing. */
export const faultInSecret = (scheme: SigningScheme, secret: string): string | null => {
  if (scheme === "standard_webhooks") return standardKey(secret) === null ? "must be whsec_ and 24 to 64 bytes in base64" : null;
  return secret.length < 8 ? "must have at least 8 characters" : null;
};

/** `X-WPForms-Webhook-Signature: t=<s>,v=<hex HMAC-SHA256 of "t.body">` (the plugin's source; CONTRACTS 3). */
const checkWpforms = async (secret: string, { header, rawBody }: SignedRequest, now: number): Promise<SignatureCheck> => {
  const [, at = "", given = ""] = /^t=(\d{1,12}),v=([0-9a-f]{64})$/i.exec(header("X-WPForms-Webhook-Signature") ?? "") ?? [];
  const expected = createHmac("sha256", secret).update(`${at}.`).update(rawBody).digest("hex");
  const genuine = await isAmong(expected, [given.toLowerCase()]);
  // It names no submission; the same signature is the same one.
  return genuine && isRecent(at, now) ? { genuine, delivery: `wpforms:${expected}` } : NOT_GENUINE;
};

/** `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`, several separated by spaces while a secret is being replaced. */
const checkStandard = async (secret: string, { header, rawBody }: SignedRequest, now: number): Promise<SignatureCheck> => {
  const key = standardKey(secret);
  const [id, at] = [header("webhook-id") ?? "", header("webhook-timestamp") ?? ""];
  const given = (header("webhook-signature") ?? "").split(" ").slice(0, MOST_SIGNATURES).flatMap((one) => /^v1,(\S+)$/.exec(one)?.[1] ?? []);
  if (key === null) return NOT_GENUINE;
  const expected = createHmac("sha256", key).update(`${id}.${at}.`).update(rawBody).digest("base64");
  const genuine = await isAmong(expected, given);
  return genuine && isRecent(at, now) && /^[\x21-\x7e]{1,200}$/.test(id) ? { genuine, delivery: `webhook:${id}` } : NOT_GENUINE;
};

/** Whether a request was signed with the secret, on its raw bytes, within the last five minutes. @param now business time in ms */
export const checkSignature = async (scheme: SigningScheme, secret: string, request: SignedRequest, now: number): Promise<SignatureCheck> =>
  scheme === "wpforms" ? checkWpforms(secret, request, now) : checkStandard(secret, request, now);
