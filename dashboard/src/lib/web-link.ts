/** Only web addresses become links: what a stranger posted may be anything. */
export const webLink = (value: unknown): string | null => (typeof value === "string" && /^https?:\/\//.test(value) ? value : null);
