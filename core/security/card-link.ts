import { createHmac, timingSafeEqual } from "node:crypto";
import { parseSecrets } from "./key-ring.ts";

/*
 * The link in a lead card: it shows that one lead to whoever holds it, without a login, until it expires. Tenant, lead and
 * time in 36 bytes, and 10 bytes of HMAC-SHA256 over them: short enough for a text, and 2^80 guesses long.
 */

export interface CardAddress {
  tenant_id: string;
  lead_id: string;
}

const LIFETIME_S = 14 * 86_400;
const PAYLOAD_BYTES = 36;
const MAC_BYTES = 10;
const ID = /^(?:ten|ent)_([0-9a-f]{32})$/;

const bytesOf = (id: string): number[] => {
  const hex = ID.exec(id)?.[1];
  if (hex === undefined) throw new Error("an id of another kind");
  return (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
};

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const toBase64Url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");

const fromBase64Url = (text: string): Uint8Array | null => {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
};

const macOf = (secret: string, payload: Uint8Array): Uint8Array => new Uint8Array(createHmac("sha256", secret).update("lead-card").update(payload).digest()).slice(0, MAC_BYTES);

/** @param secret `APEX_JWT_SECRET`: newest first, separated by commas @param now business time in ms */
export const sealCardLink = ({ tenant_id, lead_id }: CardAddress, secret: string, now: number): string => {
  const payload = new Uint8Array(PAYLOAD_BYTES);
  payload.set([...bytesOf(tenant_id), ...bytesOf(lead_id)]);
  new DataView(payload.buffer).setUint32(32, Math.floor(now / 1000) + LIFETIME_S);
  const [newest] = parseSecrets("APEX_JWT_SECRET", secret);
  // 46 bytes are 61⅓ groups: the padding that this leaves out is always the same.
  return toBase64Url(new Uint8Array([...payload, ...macOf(newest, payload)])).replace(/=+$/, "");
};

/** @returns null for what we did not seal, and for what has expired */
export const openCardLink = (token: string, secret: string, now: number): CardAddress | null => {
  const bytes = fromBase64Url(token);
  // One spelling a token: the last character's spare bits are not free.
  if (bytes?.length !== PAYLOAD_BYTES + MAC_BYTES || toBase64Url(bytes).replace(/=+$/, "") !== token) return null;
  const [payload, mac] = [bytes.slice(0, PAYLOAD_BYTES), bytes.slice(PAYLOAD_BYTES)];
  if (!parseSecrets("APEX_JWT_SECRET", secret).some((one) => timingSafeEqual(macOf(one, payload), mac))) return null;
  if (new DataView(payload.buffer).getUint32(32) * 1000 <= now) return null;
  return { tenant_id: `ten_${hexOf(payload.slice(0, 16))}`, lead_id: `ent_${hexOf(payload.slice(16, 32))}` };
};
