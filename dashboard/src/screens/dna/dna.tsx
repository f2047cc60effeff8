import "@/lib/words/dna";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Save } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { meQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel, Skeleton, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Tabs } from "@/ui/tabs";
import { Edit } from "./edit.tsx";
import type { SectionId } from "./form/sections.ts";
import { Found } from "./found/found.tsx";
import { DnaHistory } from "./history/history.tsx";
import { LeaveGuard } from "./leave-guard.tsx";
import { useCheck } from "./use-check.ts";
import { type Draft, useDraft } from "./use-draft.ts";

const MergeView = lazy(async () => import("./yaml/merge-view.tsx"));

const VIEWS = ["edit", "found", "history"] as const;
type View = (typeof VIEWS)[number];

/** Ctrl S, where it would save the page. */
const useSaveKey = (save: (() => void) | null): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      save?.();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [save]);
};

const Loaded = ({ draft, readOnly, isMerging, onMerging }: { draft: Draft; readOnly: boolean; isMerging: boolean; onMerging: (merging: boolean) => void }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { view = "edit", section = "business" } = useSearch({ from: "/$project/dna" });
  const checked = useCheck(project, draft.text);
  const go = (search: { view?: View; section?: SectionId }): void => void navigate({ to: "/$project/dna", params: { project }, search: { view, section, ...search }, replace: true });
  const isWrong = checked.reading.mistakes.length > 0 || (!checked.isStale && checked.mistakes.length > 0);
  const maySave = draft.isDirty && !draft.isSaving && !isWrong && draft.moved === null && !readOnly;
  useSaveKey(maySave ? draft.save : null);
  const { moved } = draft;
  const state = checked.isStale && draft.isDirty ? "checking" : draft.isDirty ? "unsaved" : "saved";
  return (
    <>
      <LeaveGuard isDirty={draft.isDirty} />
      <div className="sticky top-[3.3rem] z-20 -mx-3 flex flex-wrap items-center justify-between gap-x-3 gap-y-2 border-b bg-ground px-3 py-2 sm:-mx-5 sm:px-5">
        <div className="flex items-center gap-3"><h1 className="text-lg font-semibold">{t("dna.title")}</h1><span role="status"><Badge tone={state === "saved" ? "plain" : "warn"}>{t(`dna.${state}`)}</Badge></span></div>
        {!readOnly && (
          <div className="flex gap-2">
            <Button kind="quiet" disabled={!draft.isDirty || draft.isSaving} onClick={draft.discard}>{t("dna.discard")}</Button>
            <Button kind="main" disabled={!maySave} onClick={draft.save}><Save size={16} />{t("dna.save")}</Button>
          </div>
        )}
      </div>
      <p className="max-w-3xl text-sm text-quiet">{t(readOnly ? "dna.readOnly" : "dna.why")}</p>
      {moved !== null && !isMerging && (
        <div role="alert" className="flex flex-wrap items-center justify-between gap-3 rounded-lg bg-warn-soft p-3 text-sm">
          <p className="font-medium text-warn">{t("dna.conflict.banner")}</p>
          <Button size="small" onClick={() => onMerging(true)}>{t("dna.conflict.look")}</Button>
        </div>
      )}
      {moved !== null && isMerging ? (
        <Suspense fallback={<Skeleton className="h-96" />}>
          <MergeView base={draft.base.text} mine={draft.text} theirs={moved.text} onDone={(text) => { draft.rebase(moved, text); onMerging(false); }} />
        </Suspense>
      ) : (
        <Tabs
          label={t("dna.views")}
          value={view}
          onValueChange={(chosen) => go({ view: VIEWS.find((one) => one === chosen) ?? "edit" })}
          tabs={[
            { value: "edit", title: t("dna.edit"), content: <Edit draft={draft} checked={checked} readOnly={readOnly} section={section} onSection={(chosen) => go({ view: "edit", section: chosen })} /> },
            { value: "found", title: t("dna.found"), content: <Found text={draft.text} readOnly={readOnly} write={draft.write} /> },
            { value: "history", title: t("dna.history"), content: <DnaHistory etag={draft.base.etag} readOnly={readOnly} /> },
          ]}
        />
      )}
    </>
  );
};

/** What makes this business different, as a form and as YAML, where each value comes from, and how it came to be. */
export const Dna = () => {
  const project = useProjectId();
  const { data: me, error: stranger } = useQuery(meQuery);
  const [isMerging, setMerging] = useState(false);
  const { draft, error, retry } = useDraft(project, () => setMerging(true));
  const failed = error ?? stranger;
  if (failed !== null) return <Problem error={failed} retry={retry} />;
  if (draft === null || me === undefined) return <div className="grid gap-4"><h1 className="text-lg font-semibold">{t("dna.title")}</h1><Panel><SkeletonRows rows={8} /></Panel></div>;
  return <div className="grid gap-4"><Loaded draft={draft} readOnly={!me.scopes.includes("dna:write")} isMerging={isMerging} onMerging={setMerging} /></div>;
};

