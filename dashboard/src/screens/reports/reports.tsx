import "@/lib/words/reports";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartColumn, Download } from "lucide-react";
import { statsQuery } from "@/api/queries";
import { useProjectId, useZone } from "@/lib/project";
import { saveFile } from "@/lib/save-file";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { Empty, Panel, Skeleton } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { ByHour, ByPerson, Distribution, Funnel } from "./breakdowns.tsx";
import { csvOf } from "./csv.ts";
import { Headlines } from "./headline.tsx";
import { areDays, type Days, daysOf, rangeOf } from "./period.ts";
import type { ReportsSearch } from "./search.ts";
import { Sources } from "./sources.tsx";
import { Trend } from "./trend.tsx";

const PERIODS = ["week", "month", "quarter", "year", "custom"] as const;

const Controls = ({ search, days }: { search: ReportsSearch; days: Days }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const show = (change: ReportsSearch): void => void navigate({ to: "/$project/reports", params: { project }, search: { ...search, ...change }, replace: true });
  const period = search.period ?? "month";
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Select aria-label={t("reports.period")} value={period} className="w-auto" onChange={({ target }) => { const chosen = PERIODS.find((one) => one === target.value) ?? "month"; show(chosen === "custom" ? { period: chosen, from: days.first, to: days.last } : { period: chosen, from: undefined, to: undefined }); }}>
        {PERIODS.map((one) => <option key={one} value={one}>{t(`reports.${one}`)}</option>)}
      </Select>
      {period === "custom" && (
        <>
          <Input type="date" aria-label={t("reports.from")} value={days.first} max={days.last} className="w-auto" onChange={({ target }) => { if (target.value !== "") show({ from: target.value }); }} />
          <Input type="date" aria-label={t("reports.to")} value={days.last} min={days.first} className="w-auto" onChange={({ target }) => { if (target.value !== "") show({ to: target.value }); }} />
        </>
      )}
      <label className="flex min-h-9 items-center gap-2 text-sm">
        <input type="checkbox" className="size-4 accent-(--accent)" checked={search.alone !== true} onChange={({ target }) => show({ alone: target.checked ? undefined : true })} />
        {t("reports.compare")}
      </label>
    </div>
  );
};

const Loading = () => (
  <div aria-busy="true" className="grid gap-4">
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 2xl:grid-cols-6">{Array.from({ length: 6 }, (_, at) => <Skeleton key={at} className="h-24 rounded-xl" />)}</div>
    <Skeleton className="h-96 rounded-xl" />
  </div>
);

/** How the business did: every figure of a period, beside the one before. */
export const Reports = () => {
  const project = useProjectId();
  const zone = useZone();
  const search = useSearch({ from: "/$project/reports" });
  const days = daysOf(search, zone);
  const areRight = areDays(days);
  const { data, error, refetch } = useQuery({ ...statsQuery(project, { ...(areRight ? rangeOf(days, zone) : {}), ...(search.alone === true ? {} : { compare: "previous" }) }), enabled: areRight });
  const isEmpty = data !== undefined && data.leads.total === 0 && data.calls.total === 0;
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-lg font-semibold">{t("reports.title")}</h1>
        <Button size="small" disabled={data === undefined || isEmpty} onClick={() => { if (data !== undefined) saveFile(new Blob([csvOf(data)], { type: "text/csv" }), `reports-${days.first}-${days.last}.csv`); }}><Download size={15} />{t("reports.export")}</Button>
      </div>
      <Controls search={search} days={days} />
      {!areRight && <p role="alert" className="text-sm text-bad">{t("reports.wrongDays")}</p>}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && areRight && <Loading />}
      {isEmpty && <Panel><Empty icon={<ChartColumn size={20} />} title={t("reports.none")}>{t("reports.noneWhy")}</Empty></Panel>}
      {data !== undefined && !isEmpty && areRight && (
        <>
          <Headlines stats={data} />
          <Trend stats={data} />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Funnel funnel={data.funnel} />
            <Distribution bars={data.response_time.distribution} />
            <ByHour hours={data.connect.by_hour} />
            <ByPerson stats={data} />
          </div>
          <Sources stats={data} />
        </>
      )}
    </div>
  );
};
