import { vendorError } from "../../errors.ts";
import { askDns } from "./resolve.ts";

/** The texts that a name's TXT records say, each as one (a record may be in pieces, RFC 7208 3.3). */
export type TxtLookup = (name: string) => Promise<string[]>;

/** `"v=1" " more"` as DNS-over-HTTPS writes it: pieces in quotes. */
const textOf = (data: string): string => (data.startsWith('"') ? [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, piece = ""]) => piece.replaceAll(/\\(.)/g, "$1")).join("") : data);

/** @throws AppError `resolver_unavailable` (502, retryable), also where no resolver is set */
export const createTxtLookup = (options: { dohUrl: string; fetch: typeof globalThis.fetch }): TxtLookup => async (name) => {
  if (options.dohUrl === "off") throw vendorError("resolver_unavailable", "Names are not looked up here: DOH_URL is off.", { retryable: false });
  return (await askDns(name, "TXT", options)).map(textOf);
};
