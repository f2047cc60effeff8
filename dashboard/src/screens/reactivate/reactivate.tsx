import "@/lib/words/reactivate";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessagesSquare } from "lucide-react";
import { useRef } from "react";
import { agoOf, dateTimeOf, numberOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { type Campaign, campaignsQuery } from "./campaigns.queries.ts";
import { NewCampaign } from "./new-campaign.tsx";
import { campaignTone, campaignWord } from "./words.ts";

const CampaignRow = ({ campaign }: { campaign: Campaign }) => {
  const project = useProjectId();
  const zone = useZone();
  const words = [campaign.starts_itself ? t("reactivate.bySchedule") : null, `${t("reactivate.figures.sent")}: ${numberOf(campaign.sent)}`, campaign.settings.message_template];
  return (
    <Link to="/$project/reactivate/$campaign" params={{ project, campaign: campaign.id }} data-testid="campaign-row" className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-raised">
      <time dateTime={campaign.created_at} title={agoOf(campaign.created_at)} className="text-sm font-medium">{dateTimeOf(campaign.created_at, zone)}</time>
      <Badge tone={campaignTone(campaign.status)}>{campaignWord("status", campaign.status)}</Badge>
      <span className="tabular col-span-2 truncate text-[13px] text-quiet">{words.filter((one) => one !== null).join(" · ")}</span>
    </Link>
  );
};

/** Campaigns to customers of old, newest first. */
export const Reactivate = () => {
  const project = useProjectId();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(campaignsQuery(project));
  const campaigns = data?.pages.flatMap(({ items }) => items) ?? [];
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <div className="grid grid-cols-1 gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3"><h1 className="text-lg font-semibold">{t("reactivate.title")}</h1><NewCampaign /></header>
      <Panel title={t("reactivate.list")}>
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows />}
        {data !== undefined && campaigns.length === 0 && <Empty icon={<MessagesSquare size={20} />} title={t("reactivate.none")}>{t("reactivate.noneWhy")}</Empty>}
        <ul ref={list} className="divide-y">{campaigns.map((campaign) => <li key={campaign.id}><CampaignRow campaign={campaign} /></li>)}</ul>
        {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
      </Panel>
    </div>
  );
};
