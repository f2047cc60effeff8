import "@/lib/words/reactivate";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { dateTimeOf, numberOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { CampaignActions } from "./campaign-actions.tsx";
import { type Campaign, campaignQuery } from "./campaigns.queries.ts";
import { Recipients } from "./recipients.tsx";
import { Results } from "./results.tsx";
import { campaignTone, campaignWord } from "./words.ts";

const LeftOut = ({ leftOut }: { leftOut: Campaign["left_out"] }) => {
  const reasons = Object.entries(leftOut).toSorted(([, a], [, b]) => b - a);
  if (reasons.length === 0) return null;
  return (
    <Panel title={t("reactivate.leftOut")}>
      <p className="px-4 pt-3 text-[13px] text-quiet">{t("reactivate.leftOutWhy")}</p>
      <dl className="grid gap-1.5 p-4">
        {reasons.map(([reason, count]) => <div key={reason} className="flex justify-between gap-3 text-sm"><dt>{campaignWord("why", reason)}</dt><dd className="tabular">{numberOf(count)}</dd></div>)}
      </dl>
    </Panel>
  );
};

const Settings = ({ settings }: { settings: Campaign["settings"] }) => (
  <Panel title={t("reactivate.settings")}>
    <div className="grid gap-2 p-4 text-sm">
      <p className="text-xs text-quiet">{t("reactivate.template")}</p>
      <p className="rounded-lg bg-raised px-3 py-2 break-words">{settings.message_template}</p>
      <p className="text-[13px] text-quiet">{t(settings.personalised ? "reactivate.personalised" : "reactivate.fixed")}</p>
      <p className="text-[13px] text-quiet">{t("reactivate.settingsAre", { months: settings.inactive_months, cooldown: settings.cooldown_months, day: settings.daily_limit, minute: settings.per_minute, percent: settings.max_opt_out_percent })}</p>
    </div>
  </Panel>
);

/** One campaign: before it is sent what it would be, and then what came of it. */
export const CampaignPage = () => {
  const { campaign: id } = useParams({ from: "/$project/reactivate/$campaign" });
  const project = useProjectId();
  const zone = useZone();
  const { data: campaign, error, refetch } = useQuery(campaignQuery(project, id));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (campaign === undefined) return <SkeletonRows />;
  return (
    <div className="grid grid-cols-1 gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="text-lg font-semibold">{t("reactivate.one")} · <time dateTime={campaign.created_at}>{dateTimeOf(campaign.created_at, zone)}</time></h1>
          <Badge tone={campaignTone(campaign.status)}>{campaignWord("status", campaign.status)}</Badge>
        </div>
        <CampaignActions campaign={campaign} />
      </header>
      {campaign.pause_reason !== null && <p role="status" className="rounded-lg border border-warn/40 bg-warn-soft px-4 py-3 text-sm text-warn">{campaignWord("pauseReason", campaign.pause_reason)}</p>}
      <Results campaign={campaign} />
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Recipients campaign={campaign} />
        <div className="grid gap-4"><LeftOut leftOut={campaign.left_out} /><Settings settings={campaign.settings} /></div>
      </div>
    </div>
  );
};
