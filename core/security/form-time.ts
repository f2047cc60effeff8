import { createHmac } from "node:crypto";
import { parseSecrets } from "./key-ring.ts";

/*
 * When a form was shown, signed, so that a program that posts without having looked, or in no time, is told from a person. It opens
 * nothing: who has one may send what anybody may.
 */

const macOf = (secret: string, time: string, host: string): string => createHmac("sha256", secret).update(`form-time:${host}:${time}`).digest("base64url").slice(0, 16);

/** @param secret `APEX_JWT_SECRET`: newest first, separated by commas @param host where the form stands */
export const sealFormTime = (now: number, host: string, secret: string): string => {
  const [newest] = parseSecrets("APEX_JWT_SECRET", secret);
  const time = Math.floor(now).toString(36);
  return `${time}.${macOf(newest, time, host)}`;
};

/** When the form was shown, business time in ms; null for what we did not sign for this host. */
export const openFormTime = (token: string, host: string, secret: string): number | null => {
  const [, time = "", mac = ""] = /^([0-9a-z]{1,12})\.([\w-]{16})$/.exec(token) ?? [];
  // Not compared in constant time: what it guards is worth less than the attempt.
  return time !== "" && parseSecrets("APEX_JWT_SECRET", secret).some((one) => macOf(one, time, host) === mac) ? parseInt(time, 36) : null;
};
