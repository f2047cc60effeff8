import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { History as Clock } from "lucide-react";
import { useRef, useState } from "react";
import { toast } from "sonner";
import { type DnaVersion, restoreCustom, versionDiffQuery, versionsQuery, versionTextQuery } from "@/api/dna.queries";
import { meQuery } from "@/api/queries";
import { cn } from "@/lib/cn";
import { dateTimeOf, numberOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Value } from "../value.tsx";

const TONE = { added: "good", removed: "bad", changed: "accent" } as const;

/** Who wrote a version, as the audit log names them. */
const useAuthor = () => {
  const { data: me } = useQuery(meQuery);
  return (author: string): string => {
    if (me !== undefined && author === `user:${me.user.id}`) return t("dna.past.you");
    return author.startsWith("user:") ? t("dna.past.member") : author.startsWith("key:") ? t("dna.past.key") : t("dna.past.system");
  };
};

const Changes = ({ version }: { version: string }) => {
  const project = useProjectId();
  const { data, error, refetch } = useQuery(versionDiffQuery(project, "custom", version));
  const [isTextShown, setTextShown] = useState(false);
  const text = useQuery({ ...versionTextQuery(project, "custom", version), enabled: isTextShown });
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows rows={3} />;
  return (
    <div className="grid gap-3 p-4">
      {data.changes.length === 0 && <p className="text-sm text-quiet">{t(data.same_text ? "dna.past.nothing" : "dna.past.same")}</p>}
      <ul className="grid gap-3">
        {data.changes.map(({ path, change, from, to }) => (
          <li key={path} className="grid gap-1.5" data-testid="dna-change">
            <div className="flex flex-wrap items-center gap-2"><Badge tone={TONE[change]}>{t(`dna.past.${change}`)}</Badge><code className="text-xs [overflow-wrap:anywhere]">{path}</code></div>
            <div className="grid gap-2 sm:grid-cols-2">
              {change !== "added" && <div className="min-w-0 rounded-lg bg-bad-soft p-2"><Value value={from} /></div>}
              {change !== "removed" && <div className="min-w-0 rounded-lg bg-good-soft p-2"><Value value={to} /></div>}
            </div>
          </li>
        ))}
      </ul>
      <details onToggle={({ currentTarget }) => setTextShown(currentTarget.open)}>
        <summary className="cursor-pointer text-[13px] text-quiet">{t("dna.past.text")}</summary>
        {!isTextShown ? null : text.data === undefined ? <SkeletonRows rows={3} /> : <pre tabIndex={0} className="mt-2 max-h-80 overflow-auto rounded-lg border p-3 text-xs">{text.data}</pre>}
      </details>
    </div>
  );
};

const Restore = ({ version, etag }: { version: DnaVersion; etag: string }) => {
  const project = useProjectId();
  const zone = useZone();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const restore = useMutation({
    mutationFn: async () => restoreCustom(project, version.version, etag),
    onSuccess: async () => {
      setOpen(false);
      toast(t("dna.past.back"));
      await queryClient.invalidateQueries({ queryKey: ["dna", project] });
    },
    onError: async (problem) => {
      toast.error(problem.message);
      await queryClient.invalidateQueries({ queryKey: ["dna", project] });
    },
  });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>{t("dna.past.restore")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={`${t("dna.past.restore")}: ${dateTimeOf(version.created_at, zone)}`} description={t("dna.past.restoreWhy")}>
        <div className="flex justify-end gap-2"><Button onClick={() => setOpen(false)}>{t("do.cancel")}</Button><Button kind="main" disabled={restore.isPending} onClick={() => restore.mutate()}>{t("dna.past.restore")}</Button></div>
      </Dialog>
    </>
  );
};

/** Every version of the owner's layer: who wrote it and when, what it changed, and the way back. */
export const DnaHistory = ({ etag, readOnly }: { etag: string; readOnly: boolean }) => {
  const project = useProjectId();
  const zone = useZone();
  const authorOf = useAuthor();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(versionsQuery(project, "custom"));
  const versions = data?.pages.flatMap(({ items }) => items) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const detail = useRef<HTMLDivElement>(null);
  const selected = versions.find(({ version }) => version === chosen) ?? versions[0];
  if (error !== null) return <Panel><Problem error={error} retry={() => void refetch()} /></Panel>;
  if (data === undefined) return <Panel><SkeletonRows /></Panel>;
  if (selected === undefined) return <Panel><Empty icon={<Clock size={20} />} title={t("dna.past.none")}>{t("dna.past.noneWhy")}</Empty></Panel>;
  return (
    <div className="grid gap-4 lg:grid-cols-[20rem_1fr] lg:items-start">
      <Panel>
        <ul className="divide-y">
          {versions.map((version) => (
            <li key={version.version}>
              <button type="button" data-testid="dna-version" aria-current={version === selected ? "true" : undefined} onClick={() => { setChosen(version.version); detail.current?.scrollIntoView({ block: "nearest" }); }} className={cn("grid w-full gap-1 px-4 py-2.5 text-left hover:bg-raised", version === selected && "bg-accent-soft hover:bg-accent-soft")}>
                <span className="flex items-center justify-between gap-2 text-sm font-medium"><time dateTime={version.created_at}>{dateTimeOf(version.created_at, zone)}</time>{version.current && <Badge tone="good">{t("dna.past.current")}</Badge>}</span>
                <span className="text-xs text-quiet">{[authorOf(version.author), version.restored_from === null ? "" : t("dna.past.restored"), t("dna.past.bytes", { bytes: numberOf(version.bytes) })].filter((part) => part !== "").join(" · ")}</span>
              </button>
            </li>
          ))}
        </ul>
        {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
      </Panel>
      <div ref={detail} className="min-w-0 scroll-mt-32">
        <Panel title={t("dna.past.compare")} action={!selected.current && !readOnly ? <Restore version={selected} etag={etag} /> : undefined}><Changes key={selected.version} version={selected.version} /></Panel>
      </div>
    </div>
  );
};
