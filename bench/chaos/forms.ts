import { setTimeout as sleep } from "node:timers/promises";
import { formTo, inTurn } from "../lib/forms.ts";
import type { Business } from "../lib/tenants.ts";

/** One form, until somebody has taken it. */
export interface Form {
  index: number;
  leadId: string | null;
  /** How often it was sent. */
  tries: number;
}

const TRY_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** @returns the lead's id, or null when nobody took it */
const post = async (url: string, business: Business, index: number): Promise<string | null> => {
  try {
    const { url: to, body, headers } = formTo(url, business, index);
    const response = await fetch(to, { method: "POST", body, headers, signal: AbortSignal.timeout(TRY_MS) });
    const text = await response.text();
    return response.ok ? (JSON.parse(text) as { lead_id: string }).lead_id : null;
  } catch {
    return null;
  }
};

interface Plan {
  url: string;
  businesses: readonly Business[];
  /** Forms a second, whether or not they are answered. */
  rate: number;
  count: number;
  /** The number of the first, from which its visitor's phone is made. */
  first: number;
  /** After so long a form that nobody takes is given up, ms. */
  patienceMs: number;
}

/** Sends forms at a rate, each again, less and less often, until it is answered 200, as a careful sender does: whoever was not told must ask again. */
export const sendForms = async ({ url, businesses, rate, count, first, patienceMs }: Plan): Promise<Form[]> => {
  const startAt = performance.now();
  const deliver = async (place: number): Promise<Form> => {
    const dueAt = startAt + (place * 1000) / rate;
    await sleep(Math.max(0, dueAt - performance.now()));
    const business = inTurn(businesses, place);
    const form: Form = { index: first + place, leadId: null, tries: 0 };
    while (form.leadId === null && performance.now() < dueAt + patienceMs) {
      if (form.tries > 0) await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (form.tries - 1)));
      form.tries += 1;
      form.leadId = await post(url, business, form.index);
    }
    return form;
  };
  return Promise.all(Array.from({ length: count }, async (_, place) => deliver(place)));
};
