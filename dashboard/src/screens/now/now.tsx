import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, PhoneCall } from "lucide-react";
import type { ReactNode } from "react";
import { callsQuery, entitiesQuery, runsQuery, statsQuery } from "@/api/queries";
import { customerName } from "@/lib/customer";
import { durationOf, numberOf, percentOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { LeadRows } from "../leads/lead-rows.tsx";
import { CallLine } from "./call-line.tsx";

/** Ended calls stay on the screen so long, so that one sees how they ended. */
const LINGER_MS = 60_000;

const Figure = ({ name, value, note }: { name: string; value: ReactNode; note?: string }) => (
  <div className="grid gap-1 rounded-xl border bg-surface p-4">
    <span className="text-[13px] text-quiet">{name}</span>
    <span className="tabular text-2xl font-semibold">{value}</span>
    {note !== undefined && <span className="text-xs text-quiet">{note}</span>}
  </div>
);

const Calls = () => {
  const project = useProjectId();
  const { data } = useInfiniteQuery(callsQuery(project));
  const since = Date.now() - LINGER_MS;
  const moving = (data?.pages[0]?.items ?? []).filter((call) => !call.canary && (call.end_reason === null || new Date(call.updated_at).getTime() > since));
  return (
    <Panel title={t("now.calls")} aria-live="polite">
      {data === undefined && <SkeletonRows rows={2} />}
      {data !== undefined && moving.length === 0 && <Empty icon={<PhoneCall size={20} />} title={t("now.none")}>{t("now.noneWhy")}</Empty>}
      <div className="divide-y">{moving.map((call) => <CallLine key={call.id} call={call} name={customerName(call.lead)} />)}</div>
    </Panel>
  );
};

const Attention = () => {
  const project = useProjectId();
  const { data: stats } = useSuspenseQuery(statsQuery(project));
  const { data: dead } = useInfiniteQuery(runsQuery(project, { status: "dead" }));
  const contacts = stats.leads.by_status["needs_contact"] ?? 0;
  const gaveUp = dead?.pages[0]?.items.length ?? 0;
  const row = "block px-4 py-3 text-sm hover:bg-raised";
  if (contacts === 0 && gaveUp === 0 && stats.canary?.ok !== false) {
    return <Panel title={t("now.attention")}><Empty icon={<CircleCheck size={20} />} title={t("now.attentionNone")}>{t("now.attentionWhy")}</Empty></Panel>;
  }
  return (
    <Panel title={t("now.attention")}>
      <div className="divide-y">
        {stats.canary?.ok === false && <p className="px-4 py-3 text-sm text-bad">{t("now.canary", { detail: stats.canary.detail })}</p>}
        {contacts > 0 && <Link to="/$project/leads" params={{ project }} search={{ status: "needs_contact" }} className={row}>{contacts === 1 ? t("now.needsContactOne") : t("now.needsContact", { count: contacts })}</Link>}
        {gaveUp > 0 && <Link to="/$project/runs" params={{ project }} search={{ status: "dead" }} className={row}>{gaveUp === 1 ? t("now.deadOne") : t("now.dead", { count: gaveUp })}</Link>}
      </div>
    </Panel>
  );
};

const Today = () => {
  const project = useProjectId();
  const { data } = useSuspenseQuery(statsQuery(project));
  const connected = data.response_time.overall.form_to_connected_ms;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure name={t("now.leads")} value={numberOf(data.leads.total)} />
      <Figure name={t("now.connected")} value={data.calls.connect_rate === null ? "–" : percentOf(data.calls.connect_rate)} />
      <Figure name={t("now.response")} value={connected.p50 === null ? "–" : durationOf(connected.p50)} {...(connected.target === null ? {} : { note: t("now.target", { target: durationOf(connected.target) }) })} />
      <Figure name={t("now.booked")} value={numberOf(data.bookings.count)} />
    </div>
  );
};

const Recent = () => {
  const project = useProjectId();
  const { data } = useInfiniteQuery(entitiesQuery(project, { type: "lead" }));
  return <Panel title={t("now.recent")}>{data === undefined ? <SkeletonRows rows={4} /> : <LeadRows leads={(data.pages[0]?.items ?? []).slice(0, 8)} />}</Panel>;
};

/** What is going on this minute: calls that move, what today was like, and what needs somebody. */
export const Now = () => (
  <div className="grid gap-4">
    <h1 className="sr-only">{t("now.title")}</h1>
    <Today />
    <div className="grid items-start gap-4 xl:grid-cols-[2fr_1fr]">
      <Calls />
      <Attention />
    </div>
    <Recent />
  </div>
);
