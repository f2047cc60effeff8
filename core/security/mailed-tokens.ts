import { createHmac } from "node:crypto";
import { sha256Hex } from "./constant-time.ts";
import { parseSecrets } from "./key-ring.ts";

/*
 * The token in a mail is made from its row's id and our secret, so that a mail whose sending failed can be made again, the
 * same, without the token being kept: the row has its hash. To forge one takes the secret that access tokens are signed with.
 */

const derive = (id: string, secret: string): string => createHmac("sha256", secret).update(`mailed-token:${id}`).digest("base64url");

/** @param secrets `APEX_JWT_SECRET` @returns the token, for the mail only, and what the row keeps of it */
export const newMailedToken = (id: string, secrets: string): { token: string; hash: string } => {
  const [newest] = parseSecrets("APEX_JWT_SECRET", secrets);
  const token = derive(id, newest);
  return { token, hash: sha256Hex(token) };
};

/** The same token again. @returns null when the secret that it was made with has been taken away since */
export const mailedTokenAgain = ({ id, token_hash }: { id: string; token_hash: string }, secrets: string): string | null =>
  parseSecrets("APEX_JWT_SECRET", secrets).map((secret) => derive(id, secret)).find((token) => sha256Hex(token) === token_hash) ?? null;

export const hashOfMailedToken = sha256Hex;
