import "@/lib/words/hunt";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Crosshair } from "lucide-react";
import { useRef } from "react";
import { type Run, runsQuery } from "@/api/queries";
import { agoOf, dateTimeOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { huntFigures, huntSetupQuery } from "./hunt.queries.ts";
import { LookingFor } from "./looking-for.tsx";
import { PastePost } from "./paste-post.tsx";
import { Sources } from "./sources.tsx";
import { StartHunt } from "./start-hunt.tsx";

const HuntRow = ({ run }: { run: Run }) => {
  const project = useProjectId();
  const zone = useZone();
  const figures = huntFigures(run);
  const words = figures !== null ? t("hunt.figures", figures) : (run.error?.message ?? run.progress.label);
  return (
    <Link to="/$project/hunt/$run" params={{ project, run: run.id }} data-testid="hunt-row" className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-raised">
      <time dateTime={run.created_at} title={agoOf(run.created_at)} className="text-sm font-medium">{dateTimeOf(run.created_at, zone)}</time>
      <Badge tone={toneOf(run.status)}>{said("status", run.status)}</Badge>
      <span className="tabular col-span-2 text-[13px] break-words text-quiet">{words}</span>
    </Link>
  );
};

const Hunts = () => {
  const project = useProjectId();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(runsQuery(project, { task: "sniper_agent" }));
  const runs = data?.pages.flatMap(({ items }) => items) ?? [];
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <Panel title={t("hunt.list")}>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data !== undefined && runs.length === 0 && <Empty icon={<Crosshair size={20} />} title={t("hunt.none")}>{t("hunt.noneWhy")}</Empty>}
      <ul ref={list} className="divide-y">{runs.map((run) => <li key={run.id}><HuntRow run={run} /></li>)}</ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </Panel>
  );
};

/** Where leads are looked for, by which words, and what each hunt has brought. */
export const Hunt = () => {
  const project = useProjectId();
  const { data: setup, error, refetch } = useQuery(huntSetupQuery(project));
  return (
    <div className="grid grid-cols-1 gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-lg font-semibold">{t("hunt.title")}</h1>
        <div className="flex flex-wrap gap-2"><PastePost /><StartHunt setup={setup} /></div>
      </header>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Hunts />
        {error !== null && <Panel><Problem error={error} retry={() => void refetch()} /></Panel>}
        {setup === undefined && error === null && <Panel><SkeletonRows /></Panel>}
        {setup !== undefined && <div className="grid gap-4"><Sources sources={setup.sources} /><LookingFor setup={setup} /></div>}
      </div>
    </div>
  );
};
