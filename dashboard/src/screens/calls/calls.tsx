import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PhoneIncoming, PhoneOutgoing } from "lucide-react";
import { useRef } from "react";
import { callsQuery, type ListedCall } from "@/api/queries";
import { customerName } from "@/lib/customer";
import { agoOf, dateTimeOf, durationOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { toneOfEnd } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

const CallRow = ({ call }: { call: ListedCall }) => {
  const project = useProjectId();
  const zone = useZone();
  const Icon = call.direction === "inbound" ? PhoneIncoming : PhoneOutgoing;
  const connected = call.latency.form_to_connected_ms;
  return (
    <Link to="/$project/calls/$call" params={{ project, call: call.id }} className="grid grid-cols-[auto_1fr_auto] items-center gap-x-3 gap-y-0.5 px-4 py-2.5 hover:bg-raised sm:grid-cols-[auto_minmax(8rem,1fr)_auto_6rem_6rem]">
      <Icon size={16} aria-label={t(`calls.${call.direction}`)} className="text-quiet" />
      <span className="min-w-0 text-sm">
        <span className="block truncate font-medium">{customerName(call.lead)}</span>
        <span className="block truncate text-xs text-quiet">{call.person ?? t(`calls.${call.direction}`)}</span>
      </span>
      <Badge tone={toneOfEnd(call.end_reason)}>{call.end_reason === null ? said("status", call.status) : said("end", call.end_reason)}</Badge>
      <span className="tabular text-right text-[13px] text-quiet max-sm:hidden">{call.duration_s === null ? (connected === null ? "" : `+${durationOf(connected)}`) : durationOf(call.duration_s * 1000)}</span>
      <time dateTime={call.created_at} title={dateTimeOf(call.created_at, zone)} className="text-right text-xs text-quiet max-sm:col-start-2 max-sm:row-start-2 max-sm:text-left">{agoOf(call.created_at)}</time>
    </Link>
  );
};

export const Calls = () => {
  const project = useProjectId();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(callsQuery(project));
  const calls = data?.pages.flatMap(({ items }) => items) ?? [];
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <div className="grid gap-4">
      <h1 className="text-lg font-semibold">{t("calls.title")}</h1>
      <Panel>
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows />}
        {data !== undefined && calls.length === 0 && <Empty icon={<PhoneOutgoing size={20} />} title={t("calls.none")}>{t("calls.noneWhy")}</Empty>}
        <ul ref={list} className="divide-y">{calls.map((call) => <li key={call.id}><CallRow call={call} /></li>)}</ul>
        {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
      </Panel>
    </div>
  );
};
