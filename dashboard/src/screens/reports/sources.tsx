import type { Schemas } from "@/api/client";
import { numberOf, percentOf } from "@/lib/format";
import { sourceName } from "@/lib/names";
import { t } from "@/lib/words";
import { Panel } from "@/ui/panel";
import { dollars } from "./headline.tsx";

type Stats = Schemas["Stats"];

const money = (usd: number | null): string => (usd === null ? "–" : dollars(usd));

/** What each source has brought and cost. */
export const Sources = ({ stats }: { stats: Stats }) => (
  <Panel title={t("reports.sources")}>
    <div className="overflow-x-auto px-4 py-2" tabIndex={0} role="region" aria-label={t("reports.sources")}>
      <table className="tabular w-full text-right text-sm">
        <thead className="text-[13px] text-quiet">
          <tr>
            <th scope="col" className="py-2 pr-3 text-left font-medium">{t("reports.source")}</th>
            {(["leads", "bookings", "revenue", "cost", "costPerLead", "costPerBooking"] as const).map((name) => <th key={name} scope="col" className="py-2 pl-4 font-medium whitespace-nowrap">{t(`reports.${name}`)}</th>)}
          </tr>
        </thead>
        <tbody className="divide-y">
          {stats.by_source.map((one) => (
            <tr key={one.source}>
              <th scope="row" className="py-2 pr-3 text-left font-medium">{sourceName(one.source)}</th>
              <td className="py-2 pl-4">{numberOf(one.leads)}</td>
              <td className="py-2 pl-4 whitespace-nowrap">{numberOf(one.bookings)} <span className="text-quiet">· {percentOf(one.bookings / one.leads)}</span></td>
              <td className="py-2 pl-4">{numberOf(one.amount)}</td>
              <td className="py-2 pl-4 whitespace-nowrap">{money(one.cost_usd)}</td>
              <td className="py-2 pl-4 whitespace-nowrap">{money(one.cost_per_lead_usd)}</td>
              <td className="py-2 pl-4 whitespace-nowrap">{money(one.cost_per_booking_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    <p className="border-t px-4 py-2.5 text-[13px] text-quiet">{t("reports.sourcesWhy")}</p>
  </Panel>
);
