import type { Schemas } from "@/api/client";

type Stats = Schemas["Stats"];
type Cell = string | number | null;

/** Names come from forms: a spreadsheet must not take one for a formula. */
const text = (cell: Cell): string => {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** What the page shows, one table below the other, as a spreadsheet reads it (RFC 4180). */
export const csvOf = (stats: Stats): string => {
  const table = (head: string[], rows: Cell[][]): Cell[][] => [head, ...rows, []];
  const { funnel } = stats;
  const lines = [
    ...table(["from", "to", "leads", "called", "connected", "booked", "amount", "cost_usd"], [[stats.from, stats.to, funnel.leads, funnel.called, funnel.connected, funnel.booked, stats.bookings.amount, stats.cost.total_usd]]),
    ...table(["date", "leads", "calls", "connected", "connect_rate", "p50_ms", "p95_ms", "bookings", "amount"], stats.trend.map((one) => [one.date, one.leads, one.calls, one.connected, one.connect_rate, one.p50, one.p95, one.bookings, one.amount])),
    ...table(["source", "leads", "bookings", "amount", "cost_usd", "cost_per_lead_usd", "cost_per_booking_usd"], stats.by_source.map((one) => [one.source, one.leads, one.bookings, one.amount, one.cost_usd, one.cost_per_lead_usd, one.cost_per_booking_usd])),
    ...table(["hour", "attempted", "connected"], stats.connect.by_hour.map((one) => [one.hour, one.attempted, one.connected])),
    ...table(["person", "attempted", "connected"], stats.connect.by_person.map((one) => [one.person, one.attempted, one.connected])),
    ...table(["up_to_ms", "calls"], stats.response_time.distribution.map((one) => [one.up_to_ms, one.count])),
  ];
  return lines.map((line) => line.map(text).join(",")).join("\r\n");
};
