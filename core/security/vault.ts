import { base64url } from "jose";
import { AppError } from "../errors.ts";
import { sha256Hex } from "./constant-time.ts";
import { parseSecrets } from "./key-ring.ts";

/** Where a secret belongs. It is bound into the ciphertext, so that a row copied to another place does not open there. */
export interface SecretPlace {
  tenant_id: string;
  /** Null for a secret of the whole tenant. */
  project_id: string | null;
  name: string;
}

export interface Vault {
  /** Encrypts with the newest key. The same text sealed twice gives two different strings. */
  seal(plaintext: string, place: SecretPlace): Promise<string>;
  /** @throws AppError `vault_key_unknown`, `vault_unreadable` (altered, or sealed for another place) */
  open(sealed: string, place: SecretPlace): Promise<string>;
  /** Whether a value was sealed with a key that is no longer the newest: open it, seal it again, store it. */
  needsRotation(sealed: string): boolean;
}

const VERSION = "v1";
/** The nonce length that GCM is defined for without further hashing (NIST SP 800-38D 8.2). Random, so a key is good for 2^32 seals. */
const IV_BYTES = 12;
/** `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two base64url. */
const SEALED = /^v1\.([0-9a-f]{8})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

const encoder = new TextEncoder();

const keyId = (secret: string): string => sha256Hex(`apex-vault:${secret}`).slice(0, 8);

/** Stretches text of any length to 256 bits (RFC 5869). It adds no entropy: the secret has to be random, not a word. */
const deriveKey = async (secret: string): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: encoder.encode("apex-vault"), info: encoder.encode(`${VERSION} secrets at rest`) },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
};

/** A JSON array, since joining with a separator would let `a` + `b/c` pass for `a/b` + `c`. */
const additionalData = (kid: string, { tenant_id, project_id, name }: SecretPlace): Uint8Array =>
  encoder.encode(JSON.stringify([VERSION, kid, tenant_id, project_id, name]));

const unreadable = (cause?: unknown): AppError =>
  new AppError({ code: "vault_unreadable", status: 500, message: "A stored secret could not be opened.", cause });

/**
 * Encrypts what tenants entrust to us (AES-256-GCM).
 * @param kmsKeys `APEX_KMS_KEY`: texts of at least 16 characters, newest first, separated by commas
 * @throws AppError `secret_misconfigured`
 */
export const createVault = (kmsKeys: string): Vault => {
  const secrets = parseSecrets("APEX_KMS_KEY", kmsKeys);
  const secretsById = new Map(secrets.map((secret) => [keyId(secret), secret]));
  const newestId = keyId(secrets[0]);
  const derived = new Map<string, Promise<CryptoKey>>();

  const keyOf = (kid: string): Promise<CryptoKey> => {
    const secret = secretsById.get(kid);
    if (secret === undefined) {
      throw new AppError({ code: "vault_key_unknown", status: 500, message: `A stored secret was sealed with key ${kid}, which APEX_KMS_KEY no longer holds.` });
    }
    const key = derived.get(kid) ?? deriveKey(secret);
    derived.set(kid, key);
    return key;
  };

  return {
    seal: async (plaintext, place) => {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: "AES-GCM", iv, additionalData: additionalData(newestId, place) };
      const ciphertext = await crypto.subtle.encrypt(algorithm, await keyOf(newestId), encoder.encode(plaintext));
      return [VERSION, newestId, base64url.encode(iv), base64url.encode(new Uint8Array(ciphertext))].join(".");
    },
    open: async (sealed, place) => {
      const [, kid, iv, ciphertext] = SEALED.exec(sealed) ?? [];
      if (kid === undefined || iv === undefined || ciphertext === undefined) throw unreadable();
      const key = await keyOf(kid);
      const algorithm = { name: "AES-GCM", iv: base64url.decode(iv), additionalData: additionalData(kid, place) };
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, base64url.decode(ciphertext)));
      } catch (error) {
        throw unreadable(error);
      }
    },
    needsRotation: (sealed) => SEALED.exec(sealed)?.[1] !== newestId,
  };
};
