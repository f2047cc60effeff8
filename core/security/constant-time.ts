import { createHash } from "node:crypto";

const encoder = new TextEncoder();
/** The platform's addition to the Web Crypto API, which types of other platforms do not know. */
type TimingSafe = SubtleCrypto & { timingSafeEqual(a: ArrayBuffer, b: ArrayBuffer): boolean };

/** SHA-256 as 64 lower-case hex digits. Text is hashed as UTF-8. Only for secrets that a machine made: a password needs `hashPassword`. */
export const sha256Hex = (value: string | Uint8Array): string => createHash("sha256").update(value).digest("hex");

/**
 * Whether two secrets are the same, in a time that tells nothing about either. Both are hashed first, since
 * `timingSafeEqual` refuses inputs of different lengths and refusing early would tell the length.
 */
export const sameSecret = async (a: string, b: string): Promise<boolean> => {
  const [hashA, hashB] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(a)),
    crypto.subtle.digest("SHA-256", encoder.encode(b)),
  ]);
  return (crypto.subtle as TimingSafe).timingSafeEqual(hashA, hashB);
};
