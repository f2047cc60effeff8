import { createHmac } from "node:crypto";

/** Name and value pairs in the order in which they go over the wire; a name may come again. */
export type Params = readonly (readonly [name: string, value: string])[];

/** The part of a URL that goes over the wire: Twilio neither sends nor signs a fragment. */
export function withoutFragment(url: string): string {
  const hash = url.indexOf("#");
  return hash < 0 ? url : url.slice(0, hash);
}

/**
 * X-Twilio-Signature of a form POST: HMAC-SHA1 over the URL as it was given, then
 * every name with its value, sorted by name. Values of a repeated name are sorted
 * too, and equal ones count once (vectors 9 and 10 in CONTRACTS 1.7).
 * A GET has no `params`: they are in the URL.
 */
export function twilioSignature(authToken: string, url: string, params: Params): string {
  const valuesByName = new Map<string, Set<string>>();
  for (const [name, value] of params) {
    const values = valuesByName.get(name) ?? new Set<string>();
    valuesByName.set(name, values.add(value));
  }
  let signed = withoutFragment(url);
  for (const name of [...valuesByName.keys()].sort()) {
    for (const value of [...(valuesByName.get(name) ?? [])].sort()) signed += name + value;
  }
  return createHmac("sha1", authToken).update(signed, "utf8").digest("base64");
}
