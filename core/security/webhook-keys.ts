import { randomToken } from "../ids.ts";
import { sameSecret, sha256Hex } from "./constant-time.ts";
import type { SecretPlace, Vault } from "./vault.ts";

/** The prefix lets secret scanners, and people, see what they have found. */
const PREFIX = "whk_";
/** 43 characters of base64url; with the prefix 47, as Google Ads allows 50 in its key field. */
const KEY_BYTES = 32;

/**
 * A new key for one of a project's intake webhooks. Show `key` to whoever sets up the form and keep only `hash`
 * (SHA-256, hex): 256 random bits need no slow hash.
 */
export const newWebhookKey = (): { key: string; hash: string } => {
  const key = `${PREFIX}${randomToken(KEY_BYTES)}`;
  return { key, hash: sha256Hex(key) };
};

/** Mail keeps no case, and 64 characters before the @ (RFC 5321 4.5.3.1.1). */
const MAIL_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
/** Five bits a letter: 160 bits. */
const MAIL_KEY_LETTERS = 32;

/** The same for the address that mails are forwarded to: small letters and digits that nobody takes for each other. */
const newMailKey = (): { key: string; hash: string } => {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(MAIL_KEY_LETTERS)), (byte) => MAIL_LETTERS[byte % MAIL_LETTERS.length]).join("");
  return { key, hash: sha256Hex(key) };
};

/**
 * Whether what a stranger sent is the key behind `hash`, in constant time.
 * @param given straight from a request: whatever is not text is simply not the key
 */
export const matchesWebhookKey = async (given: unknown, hash: string): Promise<boolean> => {
  const same = await sameSecret(sha256Hex(typeof given === "string" ? given : ""), hash);
  return same && typeof given === "string";
};

/** Where the key of a project's source belongs in the vault. */
export const webhookKeyPlace = (project: { tenant_id: string; project_id: string }, source: string): SecretPlace => ({ ...project, name: `webhook:${source}` });

/** A new key, with what is kept of it: its hash, and the key itself sealed, so that the owner may look it up again. */
export const newSealedWebhookKey = async <Source extends string>(vault: Pick<Vault, "seal">, project: { tenant_id: string; project_id: string }, source: Source): Promise<{ source: Source; key: string; key_hash: string; key_sealed: string }> => {
  const { key, hash } = source === "hunt_mail" ? newMailKey() : newWebhookKey();
  return { source, key, key_hash: hash, key_sealed: await vault.seal(key, webhookKeyPlace(project, source)) };
};
