import { type SourceFigures, sourcesOf } from "./figures.ts";
import type { Rollup } from "./rollup.ts";
import { MICROS } from "../money.ts";

export interface Costs {
  /** US dollars that the ledger has booked on the days of the range (`GET /api/usage` says for what). */
  total_usd: number;
  /** Null where there is nothing to divide by. */
  per_lead_usd: number | null;
  per_booking_usd: number | null;
}

export interface SourceCosts extends SourceFigures {
  cost_usd: number;
  cost_per_lead_usd: number | null;
  cost_per_booking_usd: number | null;
}

/** What the ledger has booked, in micro-dollars: on telephony by the second, and on all else. */
export interface Spent {
  talk: number;
  rest: number;
}

const each = (usd: number, count: number): number | null => (count === 0 ? null : usd / count);

export const costsOf = ({ talk, rest }: Spent, { leads, booked }: Rollup): Costs => {
  const total_usd = (talk + rest) / MICROS;
  return { total_usd, per_lead_usd: each(total_usd, leads), per_booking_usd: each(total_usd, booked) };
};

/**
 * What the leads of each source have cost. The ledger does not know of sources, so what it has booked is shared out: seconds on the
 * telephone by how long each source's leads were spoken to, all else by their number. Advertisements are not in it.
 */
export const sourceCosts = ({ talk, rest }: Spent, rollup: Rollup): SourceCosts[] => {
  const sources = sourcesOf(rollup);
  const talked = (source: string): number => rollup.by_source[source]?.talk_s ?? 0;
  const all = sources.reduce((sum, { source }) => sum + talked(source), 0);
  return sources.map((figures) => {
    const share = figures.leads / rollup.leads;
    const cost_usd = (talk * (all === 0 ? share : talked(figures.source) / all) + rest * share) / MICROS;
    return { ...figures, cost_usd, cost_per_lead_usd: each(cost_usd, figures.leads), cost_per_booking_usd: each(cost_usd, figures.bookings) };
  });
};
