import { timeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge, type Tone } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { type Hunt } from "./hunt.queries.ts";
import { huntWord } from "./words.ts";

const FINE = new Set(["end", "nothing_new", "page_budget"]);
const toneOfEnd = (stopped: string): Tone => (FINE.has(stopped) ? "good" : "warn");
type SourceRead = Hunt["sources"][number];

const End = ({ source: { stopped, waits_until }, open }: { source: SourceRead; open: boolean }) => {
  const zone = useZone();
  if (stopped !== null) return <Badge tone={toneOfEnd(stopped)}>{huntWord("ending", stopped)}</Badge>;
  if (waits_until !== null) return <Badge tone="warn">{t("hunt.waits", { time: timeOf(waits_until, zone) })}</Badge>;
  return open ? <Badge tone="accent">{t("hunt.reading")}</Badge> : null;
};

const Figure = ({ name, value }: { name: string; value: number }) => (
  <div className="flex items-baseline justify-between gap-2 sm:block">
    <dt className="text-xs text-quiet">{name}</dt>
    <dd className="tabular text-sm font-medium">{value}</dd>
  </div>
);

const Row = ({ source, open }: { source: SourceRead; open: boolean }) => {
  const left = Object.entries(source.dropped);
  return (
    <li className="grid gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-sm font-medium break-words">{source.source.replaceAll("_", " ")}</span>
        <End source={source} open={open} />
      </div>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-5">
        <Figure name={t("hunt.pagesRead")} value={source.pages_read} />
        <Figure name={t("hunt.found")} value={source.found} />
        <Figure name={t("hunt.created")} value={source.created} />
        <Figure name={t("hunt.joined")} value={source.joined} />
        <Figure name={t("hunt.dropped")} value={left.reduce((sum, [, count]) => sum + count, 0)} />
      </dl>
      {left.length > 0 && <p className="text-[13px] text-quiet">{left.map(([reason, count]) => `${huntWord("reason", reason)}: ${count}`).join(" · ")}</p>}
      {source.unread_pages > 0 && <p className="text-[13px] text-warn">{t("hunt.unread", { count: source.unread_pages })}</p>}
      {source.advice !== null && <p className="text-[13px] break-words text-quiet">{source.advice}</p>}
    </li>
  );
};

export const SourcesRead = ({ hunt, open }: { hunt: Hunt; open: boolean }) => (
  <Panel title={t("hunt.sources")} {...(hunt.cost_usd > 0 ? { action: <span className="tabular text-[13px] text-quiet">{`${t("hunt.cost")}: $${hunt.cost_usd.toFixed(4)}`}</span> } : {})}>
    {hunt.sources.length === 0 && <p className="p-4 text-sm text-quiet">{t(open ? "hunt.notYet" : "hunt.forgotten")}</p>}
    <ul className="divide-y">{hunt.sources.map((source) => <Row key={source.source} source={source} open={open} />)}</ul>
  </Panel>
);
