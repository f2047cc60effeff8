/**
 * Puts values into `{name}`-like places of a text from the DNA. What is not known is left out together with the comma
 * and space that it leaves behind, so that nothing is spoken for it.
 */
export const fillTemplate = (template: string, values: Record<string, string | null>): string =>
  template
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name]?.trim() ?? "")
    .replaceAll(/(?:,\s*)+([,.])/g, "$1")
    .replaceAll(/ +([,.])/g, "$1")
    .replaceAll(/[ \t]{2,}/g, " ")
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/(?:\. ){2,}/g, ". ")
    .trim();
