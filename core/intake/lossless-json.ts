/**
 * `JSON.parse`, but an integer that a double can't hold comes back as its exact digits in a string. Google Ads sends 64-bit
 * ids as JSON numbers, which lose their last digits beyond 2^53. All other values, fractions too, are what JSON.parse makes
 * of them. Throws SyntaxError for text that is not JSON, RangeError for nesting beyond the stack.
 *
 * Rests on the source-text argument of the reviver (ECMA-262 "JSON.parse source text access", in V8 since 11.4).
 */
export const parseJsonKeepingDigits = (text: string): unknown =>
  JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && /^-?\d+$/.test(source) ? source : value;
  });
