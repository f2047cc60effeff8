import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useProjectId } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { toneOf } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty, Panel } from "@/ui/panel";
import { Score } from "../leads/lead-rows.tsx";
import { ScoreReasons } from "../leads/score-reasons.tsx";
import type { Hunt } from "./hunt.queries.ts";
import { huntWord } from "./words.ts";

type KeptLead = Hunt["kept"][number];
const KeptRow = ({ lead }: { lead: KeptLead }) => {
  const project = useProjectId();
  const about = [lead.place, lead.platform?.replaceAll("_", " "), lead.matched === null ? null : t("hunt.matched", { word: lead.matched }), lead.outcome === "joined" ? t("hunt.again") : null, lead.acted === null ? null : huntWord("acted", lead.acted)];
  return (
    <Link to="/$project/leads/$lead" params={{ project, lead: lead.lead_id }} data-testid="kept-lead" className="grid grid-cols-1 gap-1 px-4 py-3 hover:bg-raised">
      <span className="flex items-center justify-between gap-3">
        <span className="min-w-0 truncate text-sm font-medium">{lead.name === "" ? t("leads.unnamed") : lead.name}</span>
        <span className="flex shrink-0 items-center gap-2">{lead.score === null ? <Badge>{t("hunt.unscored")}</Badge> : <Score value={lead.score} />}<Badge tone={toneOf(lead.status)}>{said("status", lead.status)}</Badge></span>
      </span>
      <span className="text-[13px] break-words text-quiet">{about.filter((one) => one !== null && one !== undefined).join(" · ")}</span>
      <ScoreReasons scoring={lead} />
    </Link>
  );
};

export const Kept = ({ kept, open }: { kept: Hunt["kept"]; open: boolean }) => {
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <Panel title={`${t("hunt.kept")} (${kept.length})`}>
      {kept.length === 0 && <Empty title={t("hunt.keptNone")}>{t(open ? "hunt.keptYet" : "hunt.keptNoneWhy")}</Empty>}
      <ul ref={list} className="divide-y">{kept.map((lead) => <li key={lead.lead_id}><KeptRow lead={lead} /></li>)}</ul>
    </Panel>
  );
};
