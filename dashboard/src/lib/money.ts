const dollars = (digits: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(undefined, { style: "currency", currency: "USD", ...digits });
const cents = dollars({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const tiny = dollars({ maximumSignificantDigits: 2 });
const fine = dollars({ minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** The API counts in millionths of a US dollar. */
const MICROS = 1_000_000;

/** In words: cents, or below one as much as says something. */
export const usdOf = (micros: number): string => (micros === 0 || micros >= 10_000 ? cents : tiny).format(micros / MICROS);

/** In words, to the hundredth of a cent: for bills. */
export const fineUsdOf = (micros: number): string => fine.format(micros / MICROS);
