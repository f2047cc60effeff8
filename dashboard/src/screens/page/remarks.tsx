import type { LocalPage } from "@/api/page-queries";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import { PageScore } from "../pages/status.tsx";
import { Remark } from "./text.tsx";

/** What the critic says; each remark leads to its line. */
export const Remarks = ({ page: { review }, onLine }: { page: LocalPage; onLine: (line: number) => void }) => (
  <Panel title={t("pages.remarks")} action={review === null ? undefined : <span className="flex items-center gap-2">{!review.current && <Badge tone="warn">{t("pages.oldReview")}</Badge>}<PageScore score={review.score} /></span>}>
    {review === null && <p className="px-4 py-3 text-sm text-quiet">{t("pages.noReview")}</p>}
    {review?.findings.length === 0 && <p className="px-4 py-3 text-sm text-quiet">{t("pages.noRemarks")}</p>}
    {review !== null && review.findings.length > 0 && (
      <ul className="grid gap-3 p-4">
        {review.findings.map((finding) => (
          <li key={`${finding.rule}${finding.line ?? ""}${finding.message}`} className="grid gap-1">
            <Remark finding={finding} />
            {finding.line === null || !review.current ? <span className="text-xs text-quiet">{t("pages.wholePage")}</span> : <button type="button" className="justify-self-start text-xs text-accent underline underline-offset-4" onClick={() => onLine(finding.line ?? 1)}>{t("pages.line", { line: finding.line })}</button>}
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
