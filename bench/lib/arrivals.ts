import { setTimeout as sleep } from "node:timers/promises";

export interface Arrival {
  /** When it was to be sent (ms on `performance`'s clock), whether or not we or the Worker kept up. */
  intendedAt: number;
  answeredAt: number;
  /** Null when there was no answer at all. */
  status: number | null;
  leadId: string | null;
}

export interface Target {
  url: string;
  body: URLSearchParams;
  headers: Record<string, string>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** Sends one form. Never rejects: what goes wrong is what we are here to count. */
export const submit = async ({ url, body, headers }: Target, intendedAt: number): Promise<Arrival> => {
  try {
    const response = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const text = await response.text();
    const answer = response.ok ? (JSON.parse(text) as { lead_id?: string; status?: string }) : {};
    return { intendedAt, answeredAt: performance.now(), status: response.status, leadId: answer.status === "accepted" ? (answer.lead_id ?? null) : null };
  } catch {
    return { intendedAt, answeredAt: performance.now(), status: null, leadId: null };
  }
};

/**
 * Open-loop arrivals: `count` forms, one every 1/rate second, each sent at its time however long the ones before it take. All
 * times count from the intended moment, so that a stall is felt by every form that would have come in meanwhile.
 */
export const arrive = async ({ rate, count, target }: { rate: number; count: number; target: (index: number) => Target }): Promise<Arrival[]> => {
  const startAt = performance.now() + 20;
  const underway: Promise<Arrival>[] = [];
  for (let index = 0; index < count; index += 1) {
    const intendedAt = startAt + (index * 1000) / rate;
    const wait = intendedAt - performance.now();
    if (wait > 0) await sleep(wait);
    underway.push(submit(target(index), intendedAt));
  }
  return Promise.all(underway);
};
