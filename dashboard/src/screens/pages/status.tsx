import type { PageStatus } from "@/api/page-queries";
import { t } from "@/lib/words";
import { Badge, type Tone } from "@/ui/badge";

/** In the order in which a page goes through them; the last three are off the path. */
export const STATUSES = ["planned", "written", "refused", "passed", "published", "needs_person", "held", "retired"] as const satisfies readonly PageStatus[];

const TONES: Readonly<Record<PageStatus, Tone>> = { planned: "plain", written: "accent", refused: "warn", passed: "accent", published: "good", needs_person: "bad", held: "warn", retired: "plain" };

export const PageStatusBadge = ({ status }: { status: PageStatus }) => <Badge tone={TONES[status]}>{t(`pages.status.${status}`)}</Badge>;

/** The critic's, of 100. */
export const PageScore = ({ score }: { score: number | null }) => (score === null ? null : <Badge tone={score >= 75 ? "good" : score >= 60 ? "accent" : "warn"} className="tabular" aria-label={`${t("pages.score")} ${score}`}>{score}</Badge>);
