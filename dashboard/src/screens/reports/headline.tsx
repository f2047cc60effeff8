import { ArrowDownRight, ArrowRight, ArrowUpRight } from "lucide-react";
import type { Schemas } from "@/api/client";
import { cn } from "@/lib/cn";
import { durationOf, numberOf, percentOf } from "@/lib/format";
import { t, type Words } from "@/lib/words";

type Stats = Schemas["Stats"];

interface Headline {
  name: Words;
  now: number | null;
  before: number | null;
  say: (value: number) => string;
  /** Whether more of it is good news; null: neither. */
  moreIsBetter: boolean | null;
}

export const dollars = (usd: number): string => t("reports.usd", { amount: new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(usd) });
const whole = (value: number): string => numberOf(Math.round(value));
const each = (total: number, count: number): number | null => (count === 0 ? null : total / count);

const headlinesOf = ({ leads, calls, bookings, cost, response_time, previous }: Stats): Headline[] => [
  { name: "reports.leads", now: leads.total, before: previous?.leads ?? null, say: whole, moreIsBetter: true },
  { name: "reports.connectRate", now: calls.connect_rate, before: previous?.connect_rate ?? null, say: percentOf, moreIsBetter: true },
  { name: "reports.median", now: response_time.overall.form_to_connected_ms.p50, before: previous?.p50 ?? null, say: durationOf, moreIsBetter: false },
  { name: "reports.bookings", now: bookings.count, before: previous?.bookings.count ?? null, say: whole, moreIsBetter: true },
  { name: "reports.revenue", now: bookings.amount, before: previous?.bookings.amount ?? null, say: whole, moreIsBetter: true },
  { name: "reports.costPerBooking", now: cost.per_booking_usd, before: previous === null ? null : each(previous.cost_usd, previous.bookings.count), say: dollars, moreIsBetter: false },
];

/** Beyond ten times as much a percentage says nothing: there was next to nothing before. */
const MOST = 9;

const Change = ({ now, before, say, moreIsBetter }: Headline) => {
  if (now === null || before === null) return null;
  const change = before === 0 || now / before - 1 > MOST ? null : now / before - 1;
  const isSame = change === null || Math.abs(change) < 0.005;
  const isGood = moreIsBetter === null || isSame ? null : change > 0 === moreIsBetter;
  const Icon = isSame ? ArrowRight : change > 0 ? ArrowUpRight : ArrowDownRight;
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 text-xs text-quiet">
      {change !== null && (
        <span className={cn("inline-flex items-center gap-0.5 font-medium", isGood === true && "text-good", isGood === false && "text-bad")}>
          <Icon aria-hidden size={13} />
          {isSame ? t("reports.same") : t(change > 0 ? "reports.more" : "reports.less", { share: percentOf(Math.abs(change)) })}
        </span>
      )}
      <span>{t("reports.before", { value: say(before) })}</span>
    </span>
  );
};

/** The figures that one looks at first, each beside what it was. */
export const Headlines = ({ stats }: { stats: Stats }) => (
  <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3 2xl:grid-cols-6">
    {headlinesOf(stats).map((headline) => (
      <div key={headline.name} className="grid content-start gap-1 rounded-xl border bg-surface p-4">
        <dt className="text-[13px] text-quiet">{t(headline.name)}</dt>
        <dd className="grid gap-1">
          <span className="tabular text-2xl font-semibold">{headline.now === null ? "–" : headline.say(headline.now)}</span>
          <Change {...headline} />
        </dd>
      </div>
    ))}
  </dl>
);
