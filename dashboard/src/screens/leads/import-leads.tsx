import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useState } from "react";
import { api, ok, type Schemas } from "@/api/client";
import { runQuery } from "@/api/queries";
import { numberOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { said, t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Select } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { Progress } from "../runs/runs.tsx";

type Check = Schemas["LeadImportCheck"];
const STATUSES = ["new", "called", "quoted", "won", "completed", "lost"] as const;
type Status = (typeof STATUSES)[number];

/** The file goes as it is: the service tells its letters and what stands between its cells. */
const sendFile = async (project_id: string, file: File, status: Status, dry_run: "true" | "false") =>
  ok(api.POST("/api/entities/import", { params: { query: { project_id, status, dry_run } }, body: file.name, bodySerializer: () => file, headers: { "Content-Type": "text/csv" } }));

const unreadable = ({ error_count }: Check): string => (error_count === 1 ? t("leads.importErrorsOne") : t("leads.importErrors", { count: numberOf(error_count) }));

const Checked = ({ check }: { check: Check }) => (
  <div className="grid gap-3 rounded-lg border p-4 text-sm">
    <p className="font-medium">{t("leads.importFound", { created: numberOf(check.created), joined: numberOf(check.joined), unchanged: numberOf(check.unchanged) })}</p>
    {check.repeated > 0 && <p className="text-quiet">{t("leads.importRepeated", { count: numberOf(check.repeated) })}</p>}
    <p className="text-[13px] text-quiet">{check.columns.map(({ heading, as }) => `${heading}: ${as === null ? t("leads.importKept") : as === "ignored" ? t("leads.importIgnored") : as.replaceAll("_", " ")}`).join(" · ")}</p>
    {check.error_count > 0 && (
      <div>
        <p className="font-medium text-bad">{unreadable(check)}</p>
        <ul tabIndex={0} aria-label={unreadable(check)} className="mt-1 max-h-40 overflow-auto text-[13px]">
          {check.errors.map(({ row, column, message }, at) => <li key={`${row}-${at}`} className="tabular">{t("leads.importRow", { row })} {column ?? ""} {message}</li>)}
        </ul>
      </div>
    )}
  </div>
);

const Storing = ({ runId, onDone }: { runId: string; onDone: () => void }) => {
  const { data: run } = useQuery(runQuery(runId));
  const isOver = run !== undefined && run.status !== "queued" && run.status !== "running";
  return (
    <div className="grid gap-4">
      <p role="status" className="flex flex-wrap items-center gap-3 text-sm">{said("status", run?.status ?? "queued")}{run !== undefined && <Progress run={run} />}<span className="text-quiet">{run?.progress.label}</span></p>
      {run !== undefined && run.error !== null && <p className="text-sm text-bad">{run.error.message}</p>}
      <Button kind={isOver ? "main" : "plain"} onClick={onDone}>{t(isOver ? "leads.importDone" : "leads.importBehind")}</Button>
    </div>
  );
};

const ImportForm = ({ onDone }: { onDone: () => void }) => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [status, setStatus] = useState<Status>("new");
  const check = useMutation({ mutationFn: async (asked: { file: File; status: Status }) => sendFile(project, asked.file, asked.status, "true") });
  const store = useMutation({
    mutationFn: async (asked: File) => sendFile(project, asked, status, "false"),
    onSuccess: async () => queryClient.invalidateQueries({ queryKey: ["runs", "list", project] }),
  });
  const look = (chosen: File | null, as: Status): void => {
    setFile(chosen);
    setStatus(as);
    check.reset();
    if (chosen !== null) check.mutate({ file: chosen, status: as });
  };
  if (store.data !== undefined && "run_id" in store.data) return <Storing runId={store.data.run_id} onDone={onDone} />;
  const checked = check.data !== undefined && "rows" in check.data ? check.data : null;
  const usable = checked === null ? 0 : checked.created + checked.joined + checked.unchanged;
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); if (file !== null) store.mutate(file); }}>
      <Field label={t("leads.importFile")} hint={t("leads.importFileHint")}>{(props) => <input type="file" accept=".csv,text/csv" className="text-sm file:mr-3 file:min-h-9 file:rounded-lg file:border file:bg-surface file:px-3 file:text-text" onChange={({ target }) => look(target.files?.[0] ?? null, status)} {...props} />}</Field>
      <Field label={t("leads.importStatus")} hint={t("leads.importStatusHint")}>{(props) => <Select value={status} onChange={({ target }) => look(file, STATUSES.find((one) => one === target.value) ?? "new")} {...props}>{STATUSES.map((one) => <option key={one} value={one}>{said("status", one)}</option>)}</Select>}</Field>
      {check.isPending && <p role="status" className="text-sm text-quiet">{t("leads.importChecking")}</p>}
      {(check.error ?? store.error) !== null && <Problem error={check.error ?? store.error} />}
      {checked !== null && <Checked check={checked} />}
      <Button kind="main" type="submit" disabled={usable === 0 || store.isPending}>{t("leads.importNow", { count: numberOf(usable) })}</Button>
    </form>
  );
};

/** Leads from a file: looked at first, then stored by a run. */
export const ImportLeads = () => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}><Upload size={15} />{t("leads.import")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("leads.import")} description={t("leads.importWhy")}><ImportForm onDone={() => setOpen(false)} /></Dialog>
    </>
  );
};
