/**
 * The last day of models whose end Google has published (ai.google.dev/gemini-api/docs/deprecations and model pages, as of
 * November 2026); after it a request is 404, or goes to another model at that one's price. Dates have slipped before.
 */
export const MODEL_ENDS: Readonly<Record<string, string>> = {
  "gemini-2.0-flash": "2026-06-01",
  "gemini-2.0-flash-lite": "2026-06-01",
  "gemini-2.5-flash": "2026-12-01",
  "gemini-2.5-pro": "2026-12-01",
  "gemini-3.1-flash-lite": "2027-05-07",
  "text-embedding-004": "2026-01-14",
};
