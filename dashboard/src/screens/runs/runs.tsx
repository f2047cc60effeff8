import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useRef } from "react";
import { type Run, runsQuery } from "@/api/queries";
import { agoOf, dateTimeOf } from "@/lib/format";
import { jobName } from "@/lib/names";
import { useProjectId, useZone } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const STATUSES = ["queued", "running", "succeeded", "failed", "dead"] as const satisfies readonly Run["status"][];

/** Parts that have ended count as done however they ended: of a job that failed, a full bar would say the opposite. */
const isWithout = ({ progress, status }: Pick<Run, "progress" | "status">): boolean => progress.total === 0 || status === "failed" || status === "dead";

export const Progress = ({ run }: { run: Pick<Run, "progress" | "status"> }) =>
  isWithout(run) ? null : (
    <span className="flex items-center gap-2 text-xs text-quiet">
      <progress aria-label={t("runs.progress")} value={run.progress.done} max={run.progress.total} className="h-1.5 w-24 accent-(--accent)" />
      <span className="tabular">{run.progress.done}/{run.progress.total}</span>
    </span>
  );

const RunRow = ({ run }: { run: Run }) => {
  const project = useProjectId();
  const zone = useZone();
  return (
    <Link to="/$project/runs/$run" params={{ project, run: run.id }} className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-raised sm:grid-cols-[minmax(10rem,1fr)_auto_auto_6rem]">
      <span className="truncate text-sm font-medium">{jobName(run)}</span>
      <span className="max-sm:hidden"><Progress run={run} /></span>
      <Badge tone={toneOf(run.status)}>{said("status", run.status)}</Badge>
      <time dateTime={run.created_at} title={dateTimeOf(run.created_at, zone)} className="text-right text-xs text-quiet max-sm:col-span-2 max-sm:text-left">{agoOf(run.created_at)}</time>
    </Link>
  );
};

export const Runs = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { status } = useSearch({ from: "/$project/runs" });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(runsQuery(project, status === undefined ? {} : { status }));
  const runs = data?.pages.flatMap(({ items }) => items) ?? [];
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <div className="grid gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-lg font-semibold">{t("runs.title")}</h1>
        <Select aria-label={t("runs.status")} value={status ?? ""} className="max-w-40" onChange={({ target }) => { const chosen = STATUSES.find((one) => one === target.value); void navigate({ to: "/$project/runs", params: { project }, search: chosen === undefined ? {} : { status: chosen } }); }}>
          <option value="">{t("runs.all")}</option>
          {STATUSES.map((one) => <option key={one} value={one}>{said("status", one)}</option>)}
        </Select>
      </div>
      <Panel>
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows />}
        {data !== undefined && runs.length === 0 && <Empty icon={<ListChecks size={20} />} title={t("runs.none")}>{t("runs.noneWhy")}</Empty>}
        <ul ref={list} className="divide-y">{runs.map((run) => <li key={run.id}><RunRow run={run} /></li>)}</ul>
        {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
      </Panel>
    </div>
  );
};
