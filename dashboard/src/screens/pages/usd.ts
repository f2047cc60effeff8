const small = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tiny = new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", maximumSignificantDigits: 2 });

/** Millionths of a US dollar, in words: cents, or below one as much as says something. */
export const usdOf = (micros: number): string => (micros === 0 || micros >= 10_000 ? small : tiny).format(micros / 1_000_000);
