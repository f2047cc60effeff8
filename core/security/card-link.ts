import { Buffer } from "node:buffer";
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
const MAC_BYTES = 10;
const ID = /^(ten|ent)_([0-9a-f]{32})$/;

const bytesOf = (id: string): Buffer => {
  const [, , hex] = ID.exec(id) ?? [];
  if (hex === undefined) throw new Error("an id of another kind");
  return Buffer.from(hex, "hex");
};

const macOf = (secret: string, payload: Buffer): Buffer => createHmac("sha256", secret).update("lead-card").update(payload).digest().subarray(0, MAC_BYTES);

/** @param secret `APEX_JWT_SECRET`: newest first, separated by commas @param now business time in ms */
export const sealCardLink = ({ tenant_id, lead_id }: CardAddress, secret: string, now: number): string => {
  const expires = Buffer.alloc(4);
  expires.writeUInt32BE(Math.floor(now / 1000) + LIFETIME_S);
  const payload = Buffer.concat([bytesOf(tenant_id), bytesOf(lead_id), expires]);
  const [newest] = parseSecrets("APEX_JWT_SECRET", secret);
  return Buffer.concat([payload, macOf(newest, payload)]).toString("base64url");
};

/** @returns null for what we did not seal, and for what has expired */
export const openCardLink = (token: string, secret: string, now: number): CardAddress | null => {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== 36 + MAC_BYTES || bytes.toString("base64url") !== token) return null;
  const [payload, mac] = [bytes.subarray(0, 36), bytes.subarray(36)];
  if (!parseSecrets("APEX_JWT_SECRET", secret).some((one) => timingSafeEqual(macOf(one, payload), mac))) return null;
  if (payload.readUInt32BE(32) * 1000 <= now) return null;
  return { tenant_id: `ten_${payload.subarray(0, 16).toString("hex")}`, lead_id: `ent_${payload.subarray(16, 32).toString("hex")}` };
};
