/**
 * Micro-dollars for a second of a browser: 0.09 US dollars an hour (developers.cloudflare.com/browser-rendering/pricing, as public copies of May and August 2026 have it). The first
 * ten hours of a month are the service's for nothing, and nobody's in particular; so are ten browsers at once on average, which our limit keeps to.
 */
export const BROWSER_SECOND_MICROS = 25;

/**
 * Micro-dollars for a gigabyte (10^9 bytes) on one day: 0.015 US dollars a month (developers.cloudflare.com/r2/pricing, as public copies of 2026 have it).
 */
export const STORAGE_GIGABYTE_DAY_MICROS = 500;

/**
 * Micro-dollars for a Text Search of Google Places with the fields that we ask for (Pro; 32 US dollars a thousand, after 5,000 a month for nothing:
 * developers.google.com/maps/billing-and-pricing/pricing, as public copies of May and August 2026 have it).
 */
export const PLACE_SEARCH_MICROS = 32_000;

/*
 * Prices of models, in micro-dollars for a million tokens. Source: ai.google.dev/gemini-api/docs/pricing as read on 7 October 2026
 * (paid tier, standard); 3.1 Flash-Lite and 3.6/3.7 Flash by what resellers pass on. Calls and texts: core/security/consent/prices.data.ts.
 */

export interface ModelPrice {
  /** The model's id, or what its versions' ids begin with. */
  model: string;
  /** The first day that it holds on, UTC; absent: always. */
  from?: string;
  input: number;
  /** Thoughts included. */
  output: number;
}

export const MODEL_PRICES: readonly ModelPrice[] = [
  { model: "gemini-3.8-flash", input: 750_000, output: 3_750_000 },
  // The price of the launch ends with the year.
  { model: "gemini-3.8-flash", from: "2027-01-01", input: 1_500_000, output: 7_500_000 },
  { model: "gemini-3.7-flash", input: 750_000, output: 3_750_000 },
  { model: "gemini-3.7-flash", from: "2027-01-01", input: 1_500_000, output: 7_500_000 },
  { model: "gemini-3.6-flash", input: 750_000, output: 3_750_000 },
  { model: "gemini-3.6-flash", from: "2027-01-01", input: 1_500_000, output: 7_500_000 },
  { model: "gemini-3.5-flash", input: 1_500_000, output: 9_000_000 },
  { model: "gemini-3.5-flash-lite", input: 300_000, output: 2_500_000 },
  { model: "gemini-3.1-flash-lite", input: 250_000, output: 1_500_000 },
  { model: "gemini-embedding-2", input: 200_000, output: 0 },
  { model: "gemini-embedding-001", input: 150_000, output: 0 },
];
