/*
 * The last net under what leaves the house: the service's own secrets, by value. A vendor's error text may repeat what it was
 * sent, and no field's name says so.
 */

/** Shorter ones would take ordinary words along, and are no secrets. */
const MIN_LENGTH = 8;
const known = new Set<string>();

/** Values that must never be shown; a list separated by commas counts as each of its parts. */
export const registerSecrets = (values: readonly (string | undefined)[]): void => {
  for (const part of values.flatMap((value) => [value ?? "", ...(value ?? "").split(",")])) if (part.trim().length >= MIN_LENGTH) known.add(part.trim());
};

/** The text without any of them, also as they look inside a JSON string or an address. */
export const hideSecrets = (text: string): string => {
  let shown = text;
  for (const secret of known)
    for (const spelling of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
      if (shown.includes(spelling)) shown = shown.replaceAll(spelling, "[redacted]");
    }
  return shown;
};
