import { randomToken } from "../ids.ts";
import { sha256Hex } from "./constant-time.ts";

/*
 * `rt_<family>.<nonce>`: the family is the session's own secret and stays, the nonce changes at every refresh. Whoever shows
 * the right family with a nonce that is not in force has held a token of this session that was spent: it was stolen, from
 * them or by them (RFC 9700, 4.14.2). No list of spent tokens is needed to see that, however old the token is, and nobody
 * can claim it of a session whose tokens they never had.
 */

const FORM = /^rt_([\w-]{43})\.([\w-]{32})$/;
const FAMILY_BYTES = 32;
const NONCE_BYTES = 24;

/** Since the last refresh. */
const IDLE_MS = 30 * 86_400_000;
/** Since the sign-in, however busy the session is. */
const LONGEST_MS = 90 * 86_400_000;

export interface RefreshToken {
  /** For the client; kept nowhere. */
  token: string;
  family_hash: string;
  token_hash: string;
}

const hashed = (family: string, token: string): RefreshToken => ({ token, family_hash: sha256Hex(family), token_hash: sha256Hex(token) });

const inFamily = (family: string): RefreshToken => hashed(family, `rt_${family}.${randomToken(NONCE_BYTES)}`);

/** The first of a new family. */
export const newRefreshToken = (): RefreshToken => inFamily(randomToken(FAMILY_BYTES));

/** @returns null for what is no refresh token of ours by its form */
export const readRefreshToken = (token: string): (RefreshToken & { next: () => RefreshToken }) | null => {
  const family = FORM.exec(token)?.[1];
  return family === undefined ? null : { ...hashed(family, token), next: () => inFamily(family) };
};

/** When a token issued now ends: 30 days unused, and never later than 90 days after the sign-in. All in ms. */
export const refreshExpiry = (now: number, signedInAt: number): number => Math.min(now + IDLE_MS, signedInAt + LONGEST_MS);
