import { numberOf, percentOf } from "@/lib/format";
import { t } from "@/lib/words";
import { Panel } from "@/ui/panel";
import type { CampaignWithResults } from "./campaigns.queries.ts";
import { campaignWord } from "./words.ts";

const Figure = ({ name, value, note }: { name: string; value: string; note?: string | undefined }) => (
  <div className="grid content-start gap-0.5 bg-surface p-4">
    <dt className="text-[13px] text-quiet">{name}</dt>
    <dd className="tabular text-xl font-semibold">{value}{note !== undefined && <span className="ml-2 text-xs font-normal text-quiet">{note}</span>}</dd>
  </div>
);

const usd = (amount: number): string => `$${amount.toFixed(2)}`;
const OTHERS = ["planned", "failed", "refused", "skipped", "canceled"] as const;

/** How far it is, and what came of it: shares are of those sent. */
export const Results = ({ campaign: { status, results } }: { campaign: CampaignWithResults }) => {
  const { recipients, sent } = results;
  const share = (count: number): string | undefined => (sent === 0 ? undefined : percentOf(count / sent));
  const others = OTHERS.flatMap((name) => (results[name] > 0 ? [`${campaignWord("figures", name)}: ${numberOf(results[name])}`] : []));
  const isPlan = status === "preparing" || status === "preview";
  return (
    <Panel title={t(isPlan ? "reactivate.plan" : "reactivate.results")} className="overflow-hidden">
      <div className="grid gap-1.5 p-4">
        <div className="tabular flex justify-between gap-3 text-sm"><span>{isPlan ? t("reactivate.people", { count: numberOf(recipients) }) : t("reactivate.progressOf", { sent: numberOf(sent), people: numberOf(recipients) })}</span><span>{usd(isPlan ? results.cost_usd : results.sent_cost_usd)}</span></div>
        {!isPlan && <progress aria-label={t("reactivate.progress")} value={sent} max={Math.max(1, recipients)} className="h-2 w-full accent-(--accent)" />}
        {others.length > 0 && <p className="text-[13px] text-quiet">{others.join(" · ")}</p>}
      </div>
      {!isPlan && (
        <dl className="grid grid-cols-2 gap-px border-t bg-line sm:grid-cols-3 xl:grid-cols-6">
          <Figure name={t("reactivate.figures.delivered")} value={numberOf(results.delivered)} note={share(results.delivered)} />
          <Figure name={t("reactivate.figures.replied")} value={numberOf(results.replied)} note={share(results.replied)} />
          <Figure name={t("reactivate.figures.interested")} value={numberOf(results.interested)} />
          <Figure name={t("reactivate.figures.opted_out")} value={numberOf(results.opted_out)} note={share(results.opted_out)} />
          <Figure name={t("reactivate.figures.booked")} value={numberOf(results.booked)} />
          <Figure name={t("reactivate.figures.revenue")} value={numberOf(results.revenue)} />
        </dl>
      )}
    </Panel>
  );
};
