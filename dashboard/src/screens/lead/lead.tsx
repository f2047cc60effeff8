import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Entity, entityQuery } from "@/api/queries";
import { dateTimeOf, numberOf, textOf } from "@/lib/format";
import { sourceName } from "@/lib/names";
import { useZone } from "@/lib/project";
import { toneOf } from "@/lib/tones";
import { webLink } from "@/lib/web-link";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Score } from "../leads/lead-rows.tsx";
import { ScoreReasons, scoringOf } from "../leads/score-reasons.tsx";
import { LeadActions } from "./actions.tsx";
import { Timeline } from "./timeline.tsx";

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid gap-0.5 px-4 py-2.5">
    <dt className="text-xs text-quiet">{name}</dt>
    <dd className="text-sm break-words whitespace-pre-wrap">{children}</dd>
  </div>
);

const About = ({ lead }: { lead: Entity }) => {
  const zone = useZone();
  const { metadata } = lead;
  const source = textOf(metadata["source"]);
  const rows: [string, string | null][] = [
    [t("leads.phone"), textOf(metadata["phone"]) ?? lead.primary_contact],
    [t("lead.email"), textOf(metadata["email"])],
    [t("lead.service"), textOf(metadata["service"])],
    [t("lead.place"), textOf(metadata["place"])],
    [t("lead.message"), textOf(metadata["message"])],
    [t("leads.source"), source === null ? null : sourceName(source)],
    [t("lead.platform"), textOf(metadata["platform"])],
    [t("leads.came"), dateTimeOf(lead.created_at, zone)],
  ];
  const link = webLink(metadata["source_url"]);
  const scoring = scoringOf(metadata["scoring"]);
  const amount = metadata["amount"];
  return (
    <Panel title={t("lead.about")}>
      <dl className="divide-y">
        {rows.map(([name, value]) => value !== null && value !== "" && <Fact key={name} name={name}>{value}</Fact>)}
        {scoring !== null && <Fact name={t("lead.reasons")}><ScoreReasons scoring={scoring} /></Fact>}
        {link !== null && <Fact name={t("lead.link")}><a href={link} target="_blank" rel="noreferrer noopener" className="text-accent underline underline-offset-4">{link}</a></Fact>}
        {typeof amount === "number" && <Fact name={t("lead.amount")}>{t("lead.bookedFor", { amount: numberOf(amount) })}</Fact>}
      </dl>
    </Panel>
  );
};

export const Lead = () => {
  const { lead: id } = useParams({ from: "/$project/leads/$lead" });
  const { data: lead, error, refetch } = useQuery(entityQuery(id));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (lead === undefined) return <SkeletonRows />;
  const status = textOf(lead.metadata["status"]) ?? "new";
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex min-w-0 flex-wrap items-center gap-3">
          <h1 className="truncate text-lg font-semibold">{lead.name === "" ? t("leads.unnamed") : lead.name}</h1>
          <Badge tone={toneOf(status)}>{said("status", status)}</Badge>
          <Score value={lead.metadata["score"]} />
        </div>
        <LeadActions lead={lead} />
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(16rem,1fr)_2fr]">
        <About lead={lead} />
        <Timeline leadId={lead.id} />
      </div>
    </div>
  );
};
