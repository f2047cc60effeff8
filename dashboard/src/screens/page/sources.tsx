import type { LocalPage } from "@/api/page-queries";
import { cn } from "@/lib/cn";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";

type Source = NonNullable<LocalPage["content"]>["sources"][number];

/** What is true of this place only comes before what is true of the business; what is not used, last. */
const RANK: Readonly<Record<Source["kind"], number>> = { anchor: 0, question: 1, passage: 2, dna: 3 };
const inOrder = (sources: readonly Source[]): Source[] => sources.toSorted((a, b) => Number(b.cited > 0) - Number(a.cited > 0) || RANK[a.kind] - RANK[b.kind] || b.cited - a.cited);

/** What the page was written from; a source shows the sentences that rest on it. */
export const Sources = ({ page: { content }, chosen, onChoose }: { page: LocalPage; chosen: string | null; onChoose: (ref: string | null) => void }) =>
  content === null ? null : (
    <Panel title={t("pages.sources")}>
      <ul className="max-h-[28rem] divide-y overflow-auto" tabIndex={0} aria-label={t("pages.sources")}>
        {inOrder(content.sources).map((source) => (
          <li key={source.ref} className={cn("px-4 py-2.5", chosen === source.ref && "bg-accent-soft")}>
            <p className="flex flex-wrap items-center gap-2 text-xs text-quiet">
              <Badge tone={source.kind === "anchor" || source.kind === "question" ? "accent" : "plain"}>{t(`pages.kind.${source.kind}`)}</Badge>
              <span className="tabular">{source.ref}</span>
              {source.cited === 0 ? <span>{t("pages.notCited")}</span> : <button type="button" aria-pressed={chosen === source.ref} aria-label={`${t("pages.cited", { count: source.cited })}, ${source.ref}: ${t("pages.showWhere")}`} onClick={() => onChoose(chosen === source.ref ? null : source.ref)} className="text-accent underline underline-offset-4">{t("pages.cited", { count: source.cited })}</button>}
            </p>
            <p className={cn("mt-1 text-sm break-words", source.cited === 0 && "text-quiet")}>{source.text}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
