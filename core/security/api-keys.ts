import { crc32 } from "node:zlib";
import { sha256Hex } from "./constant-time.ts";

/*
 * `apex_<region>_<40 random characters><6 of checksum>`, all base62, as GitHub's tokens are made: secret scanners know a real one from
 * a look-alike without asking us, and so do we without asking the database. The region (left out where there is one only) says where it is good.
 */

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX = "apex_";
/** 238 bits: no slow hash is needed. */
const RANDOM_LENGTH = 40;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}(?:[a-z]{2,12}_)?([0-9A-Za-z]{${RANDOM_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`);
/** Shown in lists: enough to tell keys apart, far too little to guess the rest. */
const SHOWN_RANDOM = 7;

const base62 = (value: number): string => {
  let text = "";
  for (let rest = value; text.length < CHECKSUM_LENGTH; rest = Math.floor(rest / ALPHABET.length)) text = `${ALPHABET[rest % ALPHABET.length] ?? ""}${text}`;
  return text;
};

const checksumOf = (random: string): string => base62(crc32(random));

/** Uniform: bytes that would favour the alphabet's beginning are thrown away. */
const randomText = (length: number): string => {
  const limit = 256 - (256 % ALPHABET.length);
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) if (byte < limit && text.length < length) text += ALPHABET[byte % ALPHABET.length] ?? "";
  }
  return text;
};

/** A new key: show `key` once, keep only `hash` (SHA-256, hex) and `prefix`. */
export const newApiKey = (region?: string): { key: string; hash: string; prefix: string } => {
  const random = randomText(RANDOM_LENGTH);
  const prefix = region === undefined ? PREFIX : `${PREFIX}${region}_`;
  const key = `${prefix}${random}${checksumOf(random)}`;
  return { key, hash: sha256Hex(key), prefix: key.slice(0, prefix.length + SHOWN_RANDOM) };
};

/** Whether a bearer token means to be a key and not an access token. */
export const isApiKey = (token: string): boolean => token.startsWith(PREFIX);

/** Which region a key says that it was made in. */
export const regionOfApiKey = (key: string): string | null => /^apex_([a-z]{2,12})_/.exec(key)?.[1] ?? null;

/** The hash to look a key up by; null for one that was never made by us, which its checksum tells. */
export const hashOfApiKey = (key: string): string | null => {
  const [, random, checksum] = FORM.exec(key) ?? [];
  return random !== undefined && checksum === checksumOf(random) ? sha256Hex(key) : null;
};
