import { scrypt, timingSafeEqual } from "node:crypto";
import { base64url } from "jose";
import { invalid } from "../errors.ts";

/** scrypt's cost (RFC 7914): `ln` is log2 of N, the memory is 128·N·r bytes, the time grows with N·r·p. */
interface Cost {
  ln: number;
  r: number;
  p: number;
}

interface StoredHash {
  cost: Cost;
  salt: Uint8Array;
  key: Uint8Array;
}

/**
 * 16 MiB and 0.3-0.6 s in workerd: as much as fits a Worker's 128 MB with several logins at once. scrypt and not
 * PBKDF2, since Workers refuse more than 100,000 rounds of that in production (not locally).
 */
const COST: Cost = { ln: 14, r: 8, p: 5 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;

/** In UTF-16 code units, before normalising. Keeps a megabyte "password" from costing a megabyte's work. */
export const MAX_PASSWORD_LENGTH = 1000;

/** PHC string format, which names algorithm and cost, so that both can be raised without a migration. */
const STORED = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,128})\$([A-Za-z0-9+/]{43})$/;

/** PHC strings have the standard alphabet without padding. */
const toBase64 = (bytes: Uint8Array): string => base64url.encode(bytes).replaceAll("-", "+").replaceAll("_", "/");
const fromBase64 = (text: string): Uint8Array => base64url.decode(text.replaceAll("+", "-").replaceAll("/", "_"));

const derive = (password: string, salt: Uint8Array, { ln, r, p }: Cost): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const N = 2 ** ln;
    // The same letters typed on another keyboard or system may be other code points (NIST SP 800-63B 5.1.1.2).
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

/** Null also for costs far above ours, which a damaged row could otherwise use to exhaust the isolate. */
const parse = (hash: string): StoredHash | null => {
  const [, ln, r, p, salt, key] = STORED.exec(hash) ?? [];
  if (salt === undefined || key === undefined) return null;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  if (cost.ln < 1 || cost.r < 1 || cost.p < 1 || cost.ln > 17 || cost.r > 16 || cost.p > 16) return null;
  return { cost, salt: fromBase64(salt), key: fromBase64(key) };
};

/** What an unknown address is compared with: today's cost, and a key that no password has. */
const nobody = (): StoredHash => ({ cost: COST, salt: new Uint8Array(SALT_BYTES), key: new Uint8Array(KEY_BYTES) });

/**
 * @returns `$scrypt$ln=14,r=8,p=5$<salt>$<key>`, both base64 without padding
 * @throws AppError 422 for a password over 1,000 characters
 */
export const hashPassword = async (password: string): Promise<string> => {
  if (password.length > MAX_PASSWORD_LENGTH) {
    throw invalid([{ path: "password", message: `must not be longer than ${MAX_PASSWORD_LENGTH} characters` }]);
  }
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await derive(password, salt, COST);
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${toBase64(salt)}$${toBase64(key)}`;
};

/**
 * Whether the password is the one that was hashed.
 * @param hash null for an unknown address: the same work is done and the answer is false, so that the time an
 *   answer takes does not tell who has an account
 */
export const verifyPassword = async (password: string, hash: string | null): Promise<boolean> => {
  // Nobody can have set it (see `hashPassword`); equally quick for a known and an unknown address.
  if (password.length > MAX_PASSWORD_LENGTH) return false;
  const known = hash === null ? null : parse(hash);
  const stored = known ?? nobody();
  const key = await derive(password, stored.salt, stored.cost);
  return timingSafeEqual(key, stored.key) && known !== null;
};

/** Whether a hash was made at a cost other than today's; then store a new one at the next login, when the password is at hand. */
export const needsRehash = (hash: string): boolean => {
  const cost = parse(hash)?.cost;
  return cost?.ln !== COST.ln || cost.r !== COST.r || cost.p !== COST.p;
};
