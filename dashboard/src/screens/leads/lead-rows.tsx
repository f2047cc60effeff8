import { Link } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import type { Entity } from "@/api/queries";
import { agoOf, dateTimeOf, textOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty } from "@/ui/panel";

export const Score = ({ value }: { value: unknown }) => (typeof value === "number" ? <Badge tone={value >= 80 ? "good" : value >= 50 ? "accent" : "plain"} className="tabular">{value}</Badge> : null);

export const LeadRow = ({ lead }: { lead: Entity }) => {
  const project = useProjectId();
  const zone = useZone();
  const status = textOf(lead.metadata["status"]) ?? "new";
  const words = textOf(lead.metadata["message"]) ?? textOf(lead.metadata["service"]);
  return (
    <Link to="/$project/leads/$lead" params={{ project, lead: lead.id }} data-testid="lead-row" className="grid min-w-0 flex-1 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-[minmax(9rem,14rem)_1fr_auto_auto]">
      <span className="truncate text-sm font-medium">{lead.name === "" ? t("leads.unnamed") : lead.name}</span>
      <span className="truncate text-[13px] text-quiet max-sm:col-span-2 max-sm:row-start-2">{[lead.primary_contact, words].filter((text) => text !== null && text !== "").join(" · ")}</span>
      <span className="flex items-center gap-2 max-sm:col-start-2 max-sm:row-start-1"><Score value={lead.metadata["score"]} /><Badge tone={toneOf(status)}>{said("status", status)}</Badge></span>
      <time dateTime={lead.created_at} title={dateTimeOf(lead.created_at, zone)} className="w-20 text-right text-xs text-quiet max-sm:hidden">{agoOf(lead.created_at)}</time>
    </Link>
  );
};

export const LeadRows = ({ leads }: { leads: readonly Entity[] }) =>
  leads.length === 0 ? (
    <Empty icon={<Inbox size={20} />} title={t("leads.none")}>{t("leads.noneWhy")}</Empty>
  ) : (
    <ul className="divide-y">{leads.map((lead) => <li key={lead.id} className="flex px-4 hover:bg-raised"><LeadRow lead={lead} /></li>)}</ul>
  );
