/**
 * Puts values into `{name}`-like places of a text from the DNA. What is not known is left out together with the comma
 * and space that it leaves behind, so that nothing is spoken for it. Places in `keep` stay for somebody else to fill.
 */
export const fillTemplate = (template: string, values: Record<string, string | null>, keep: readonly string[] = []): string =>
  template
    .replaceAll(/\{(\w+)\}/g, (place, name: string) => (keep.includes(name) ? place : (values[name]?.trim() ?? "")))
    .replaceAll(/(?:,\s*)+([,.])/g, "$1")
    .replaceAll(/ +([,.])/g, "$1")
    .replaceAll(/[ \t]{2,}/g, " ")
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/(?:\. ){2,}/g, ". ")
    .trim();

/** The same, or null for a template that is empty: nothing is to be sent. */
export const fillOrNull = (template: string | undefined, values: Record<string, string | null>, keep: readonly string[] = []): string | null =>
  template === undefined || template.trim() === "" ? null : fillTemplate(template, values, keep);

export const shorten = (text: string | null, max: number): string | null => (text !== null && text.length > max ? `${text.slice(0, max - 1)}…` : text);

/** Spoken text runs on where nothing closes it. */
export const sentence = (text: string): string => (text === "" || /[.!?…]$/.test(text) ? text : `${text}.`);
