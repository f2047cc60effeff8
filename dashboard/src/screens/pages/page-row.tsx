import { Link } from "@tanstack/react-router";
import { Globe } from "lucide-react";
import type { PageSummary } from "@/api/page-queries";
import { numberOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { PageScore, PageStatusBadge } from "./status.tsx";

const Figure = ({ name, value }: { name: string; value: number | null }) => (
  <span className="grid w-14 text-right max-lg:hidden"><span className="tabular text-sm">{value === null ? "–" : numberOf(value)}</span><span className="text-[11px] text-quiet">{name}</span></span>
);

/** One page in the list: what it is, how good, where, and what it brings. */
export const PageRow = ({ page }: { page: PageSummary }) => {
  const project = useProjectId();
  const { figures, targets } = page;
  const isLive = targets.some(({ placement }) => placement === "live");
  const trouble = page.problem?.message ?? page.needs_person;
  return (
    <Link to="/$project/pages/$page" params={{ project, page: page.id }} data-testid="page-row" className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 hover:bg-raised lg:grid-cols-[minmax(12rem,1fr)_auto_auto_auto_auto]">
      <span className="min-w-0">
        <span className="block truncate text-sm font-medium">{page.name}</span>
        <span className="flex min-w-0 items-center gap-1.5 text-[13px] text-quiet">{isLive && <Globe aria-label={t("pages.placement.live")} size={13} className="shrink-0 text-good" />}<span className="truncate">{page.path}</span></span>
        {trouble !== null && <span className="block truncate text-[13px] text-bad">{trouble}</span>}
      </span>
      <span className="flex items-center justify-end gap-2"><PageScore score={page.score} /><PageStatusBadge status={page.status} /></span>
      <Figure name={t("pages.views")} value={figures?.views ?? null} />
      <Figure name={t("pages.clicks")} value={figures?.clicks ?? null} />
      <Figure name={t("pages.leads")} value={figures?.leads ?? null} />
    </Link>
  );
};
