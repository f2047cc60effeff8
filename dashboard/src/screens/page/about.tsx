import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import type { LocalPage } from "@/api/page-queries";
import { dateTimeOf, numberOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[7rem_1fr] gap-2 px-4 py-2 text-sm"><dt className="text-quiet">{name}</dt><dd className="min-w-0 break-words">{children}</dd></div>
);

/** Only web addresses become links. */
const isWeb = (url: string): boolean => /^https?:\/\//.test(url);

const Targets = ({ page }: { page: LocalPage }) => {
  const zone = useZone();
  return page.targets.map(({ target, placement, url, at, notes }) => (
    <Fact key={target} name={t(`pages.target.${target}`)}>
      <Badge tone={placement === "live" ? "good" : placement === "held" ? "warn" : "plain"}>{t(`pages.placement.${placement}`)}</Badge> <time dateTime={at} className="text-xs text-quiet">{dateTimeOf(at, zone)}</time>
      {url !== null && isWeb(url) && <a href={url} target="_blank" rel="noreferrer noopener" className="mt-0.5 flex items-start gap-1 break-all text-accent underline underline-offset-4">{url}<ExternalLink aria-hidden size={13} className="mt-1 shrink-0" /></a>}
      {notes.map((note) => <span key={note} className="mt-1 block text-[13px] text-quiet">{note}</span>)}
    </Fact>
  ));
};

const Figures = ({ figures }: { figures: NonNullable<LocalPage["figures"]> }) => {
  const rows: [string, number | null][] = [[t("pages.views"), figures.views], [t("pages.searches"), figures.impressions], [t("pages.clicks"), figures.clicks], [t("pages.leads"), figures.leads], [t("nav.calls"), figures.calls], [t("pages.won"), figures.won]];
  return (
    <>
      <dl className="grid grid-cols-3 gap-3 px-4 py-3">{rows.map(([name, value]) => <div key={name}><dd className="tabular text-lg font-semibold">{value === null ? "–" : numberOf(value)}</dd><dt className="text-xs text-quiet">{name}</dt></div>)}</dl>
      <p className="flex flex-wrap gap-2 border-t px-4 py-2 text-[13px] text-quiet">
        <span>{t("pages.days", { days: figures.days })}</span>
        <Badge tone={figures.live === "live" ? "good" : figures.live === "unknown" ? "plain" : "bad"}>{t(`pages.live.${figures.live}`)}</Badge>
        <Badge tone={figures.indexed === "indexed" ? "good" : "plain"}>{t(`pages.indexed.${figures.indexed}`)}</Badge>
        {figures.position !== null && <span className="tabular">{t("pages.position")} {figures.position.toFixed(1)}</span>}
      </p>
    </>
  );
};

/** Where the page is, what it is for, and what it brings. */
export const About = ({ page }: { page: LocalPage }) => (
  <Panel title={t("pages.about")}>
    {page.needs_person !== null && <p className="border-b bg-bad-soft px-4 py-3 text-sm"><span className="font-medium text-bad">{t("pages.why")}: </span>{page.needs_person}</p>}
    {page.problem !== null && <p className="border-b bg-bad-soft px-4 py-3 text-sm"><span className="font-medium text-bad">{t("pages.problem")}: </span>{page.problem.message}</p>}
    <dl className="py-1">
      <Targets page={page} />
      <Fact name={t("pages.path")}>{page.path}</Fact>
      <Fact name={t("pages.keyword")}>{page.primary_keyword}</Fact>
      <Fact name={t("pages.demand")}>{page.demand.volume === null ? t("pages.estimated") : `${numberOf(page.demand.volume)}${page.demand.source === "estimated" ? ` (${t("pages.estimated")})` : ""}`}</Fact>
      <Fact name={t("pages.drafts")}>{numberOf(page.drafts)}</Fact>
    </dl>
    <div className="border-t">{page.figures === null ? <p className="px-4 py-3 text-[13px] text-quiet">{t("pages.noFigures")}</p> : <Figures figures={page.figures} />}</div>
  </Panel>
);
