import { lazy, Suspense, useMemo, useState } from "react";
import type { Schemas } from "@/api/client";
import { durationOf, numberOf, percentOf } from "@/lib/format";
import { t } from "@/lib/words";
import { Panel, Skeleton } from "@/ui/panel";
import { Tabs } from "@/ui/tabs";
import { PlotBoundary } from "./plot-boundary.tsx";
import type { Line } from "./plot.tsx";

const Plot = lazy(async () => import("./plot.tsx"));

type Stats = Schemas["Stats"];
type Point = Stats["trend"][number];

const VIEWS = ["leads", "response", "rate", "revenue"] as const;
type View = (typeof VIEWS)[number];

const TITLES = { leads: "reports.leads", response: "reports.responseTime", rate: "reports.connectRate", revenue: "reports.revenue" } as const satisfies Record<View, string>;
const SAY: Readonly<Record<View, (value: number) => string>> = { leads: numberOf, response: durationOf, rate: percentOf, revenue: numberOf };

const linesOf = (view: View, trend: readonly Point[], target: number | null): Line[] => {
  const values = (of: (point: Point) => number | null): (number | null)[] => trend.map(of);
  switch (view) {
    case "leads": return [{ label: t("reports.leads"), color: "accent", kind: "bars", values: values(({ leads }) => leads) }, { label: t("reports.bookings"), color: "warn", kind: "line", values: values(({ bookings }) => bookings) }];
    case "response": return [
      { label: t("reports.p50"), color: "accent", kind: "line", values: values(({ p50 }) => p50) },
      { label: t("reports.p95"), color: "warn", kind: "line", values: values(({ p95 }) => p95) },
      ...(target === null ? [] : [{ label: t("reports.aim"), color: "quiet", kind: "dashes", values: trend.map(() => target) } satisfies Line]),
    ];
    case "rate": return [{ label: t("reports.connectRate"), color: "accent", kind: "line", values: values(({ connect_rate }) => connect_rate) }];
    case "revenue": return [{ label: t("reports.revenue"), color: "good", kind: "bars", values: values(({ amount }) => amount) }];
  }
};

const shown = (value: number | null, say: (value: number) => string): string => (value === null ? "–" : say(value));

const TrendTable = ({ trend }: { trend: readonly Point[] }) => (
  <details className="border-t px-4 py-3 text-sm">
    <summary className="cursor-pointer text-quiet">{t("reports.asTable")}</summary>
    {/* Reached by keyboard, since it may be wider than the window. */}
    <div className="mt-3 max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={t("reports.trend")}>
      <table className="tabular w-full text-right text-[13px]">
        <thead className="text-quiet">
          <tr>
            <th scope="col" className="py-1 pr-3 text-left font-medium">{t("reports.date")}</th>
            {(["leads", "calls", "connectRate", "p50", "p95", "bookings", "revenue"] as const).map((name) => <th key={name} scope="col" className="py-1 pl-3 font-medium">{t(`reports.${name}`)}</th>)}
          </tr>
        </thead>
        <tbody className="divide-y">
          {trend.map((point) => (
            <tr key={point.date}>
              <th scope="row" className="py-1 pr-3 text-left font-normal whitespace-nowrap">{point.date}</th>
              {[numberOf(point.leads), numberOf(point.calls), shown(point.connect_rate, percentOf), shown(point.p50, durationOf), shown(point.p95, durationOf), numberOf(point.bookings), numberOf(point.amount)].map((cell, at) => <td key={at} className="py-1 pl-3 whitespace-nowrap">{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

const View = ({ view, stats }: { view: View; stats: Stats }) => {
  const target = stats.response_time.overall.form_to_connected_ms.target;
  const dates = useMemo(() => stats.trend.map(({ date }) => date), [stats.trend]);
  const lines = useMemo(() => linesOf(view, stats.trend, target), [view, stats.trend, target]);
  return <PlotBoundary key={view}><Suspense fallback={<Skeleton className="h-72" />}><Plot label={t(TITLES[view])} dates={dates} lines={lines} say={SAY[view]} isLogarithmic={view === "response"} /></Suspense></PlotBoundary>;
};

/** The period by days, weeks or months. */
export const Trend = ({ stats }: { stats: Stats }) => {
  const [view, setView] = useState<View>("leads");
  return (
    <Panel title={t("reports.trend")}>
      <div className="p-4 pt-2">
        <Tabs label={t("reports.trendOf")} value={view} onValueChange={(value) => setView(VIEWS.find((one) => one === value) ?? "leads")} tabs={VIEWS.map((one) => ({ value: one, title: t(TITLES[one]), content: <View view={one} stats={stats} /> }))} />
      </div>
      <TrendTable trend={stats.trend} />
    </Panel>
  );
};
