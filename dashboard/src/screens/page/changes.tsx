import { useQuery } from "@tanstack/react-query";
import { CircleCheck, GitCompare } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { type LocalPage, pageTextQuery, pageVersionsQuery } from "@/api/page-queries";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Select } from "@/ui/field";
import { Empty, Panel, Skeleton } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { plainText } from "./lines.ts";

const DiffView = lazy(async () => ({ default: (await import("./diff-view.tsx")).DiffView }));

const Compared = ({ page, version }: { page: LocalPage; version: string }) => {
  const { data, error, refetch } = useQuery(pageTextQuery(page.id, version));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data?.content == null || page.content === null) return <Skeleton className="m-4 h-64" />;
  return <Suspense fallback={<Skeleton className="m-4 h-64" />}><DiffView before={plainText(data.content)} after={plainText(page.content)} label={t("pages.diffLabel")} /></Suspense>;
};

/** The current text against what readers have, or against any earlier one. */
export const Changes = ({ page }: { page: LocalPage }) => {
  const zone = useZone();
  const out = page.targets.find(({ placement }) => placement === "live");
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(pageVersionsQuery(page.id, page.version));
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-64" />;
  const earlier = data.items.filter(({ is_current }) => !is_current);
  const version = chosen ?? out?.version ?? null;
  const choice = earlier.length > 0 && (
    <Select aria-label={t("pages.compare")} value={version ?? ""} className="max-w-64" onChange={({ target }) => setChosen(target.value)}>
      {version === null && <option value="" disabled>{t("pages.compare")}</option>}
      {out?.version != null && <option value={out.version}>{t("pages.liveText")}</option>}
      {earlier.filter((one) => one.version !== out?.version).map((one) => <option key={one.version} value={one.version}>{t("pages.stored", { at: dateTimeOf(one.stored_at, zone) })}</option>)}
    </Select>
  );
  return (
    <Panel title={t("pages.changes")} action={choice} className="overflow-hidden">
      {version === null && (out === undefined ? <Empty icon={<GitCompare size={20} />} title={t("pages.notLive")}>{t("pages.notLiveWhy")}</Empty> : <Empty icon={<GitCompare size={20} />} title={t("pages.unknownLive")}>{t("pages.unknownLiveWhy")}</Empty>)}
      {version !== null && (version === page.version ? <Empty icon={<CircleCheck size={20} />} title={t("pages.same")}>{t("pages.sameWhy")}</Empty> : <Compared page={page} version={version} />)}
    </Panel>
  );
};
