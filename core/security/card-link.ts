import { createHmac, timingSafeEqual } from "node:crypto";
import { parseSecrets } from "./key-ring.ts";

/*
 * The link in a lead card: it shows that one lead to whoever holds it, without a login, until it expires. Tenant, lead and
 * time in 36 bytes, two more where the tenant's id names another database than the first, and 10 bytes of HMAC-SHA256 over them: short enough
 * for a text, and 2^80 guesses long.
 */

export interface CardAddress {
  tenant_id: string;
  lead_id: string;
}

const LIFETIME_S = 14 * 86_400;
const PAYLOAD_BYTES = 36;
const DATABASE_BYTES = 2;
const MAC_BYTES = 10;
/** A tenant's may end in its database's number (core/memory/databases.ts). */
const ID = /^(?:ten_([0-9a-f]{32})(?:_([1-9]\d{0,2}))?|ent_([0-9a-f]{32}))$/;

const partsOf = (id: string): { bytes: number[]; database: number | null } => {
  const [, tenant, database, lead] = ID.exec(id) ?? [];
  const hex = tenant ?? lead;
  if (hex === undefined) throw new Error("an id of another kind");
  return { bytes: (hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16)), database: database === undefined ? null : Number(database) };
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
  const [tenant, lead] = [partsOf(tenant_id), partsOf(lead_id)];
  const payload = new Uint8Array(tenant.database === null ? PAYLOAD_BYTES : PAYLOAD_BYTES + DATABASE_BYTES);
  payload.set([...tenant.bytes, ...lead.bytes]);
  const view = new DataView(payload.buffer);
  view.setUint32(32, Math.floor(now / 1000) + LIFETIME_S);
  if (tenant.database !== null) view.setUint16(PAYLOAD_BYTES, tenant.database);
  const [newest] = parseSecrets("APEX_JWT_SECRET", secret);
  // The padding that this leaves out is told by the length.
  return toBase64Url(new Uint8Array([...payload, ...macOf(newest, payload)])).replace(/=+$/, "");
};

/** @returns null for what we did not seal, and for what has expired */
export const openCardLink = (token: string, secret: string, now: number): CardAddress | null => {
  const bytes = fromBase64Url(token);
  // One spelling a token: the last character's spare bits are not free.
  if (bytes === null || toBase64Url(bytes).replace(/=+$/, "") !== token) return null;
  const length = bytes.length - MAC_BYTES;
  if (length !== PAYLOAD_BYTES && length !== PAYLOAD_BYTES + DATABASE_BYTES) return null;
  const [payload, mac] = [bytes.slice(0, length), bytes.slice(length)];
  if (!parseSecrets("APEX_JWT_SECRET", secret).some((one) => timingSafeEqual(macOf(one, payload), mac))) return null;
  const view = new DataView(payload.buffer);
  if (view.getUint32(32) * 1000 <= now) return null;
  const database = length === PAYLOAD_BYTES ? "" : `_${view.getUint16(PAYLOAD_BYTES)}`;
  return { tenant_id: `ten_${hexOf(payload.slice(0, 16))}${database}`, lead_id: `ent_${hexOf(payload.slice(16, 32))}` };
};
