import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ArchiveRestore, ArchiveX, Check, Hand, PenLine, Play, Send, Trash2 } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { toast } from "sonner";
import { z } from "zod";
import { api, ok } from "@/api/client";
import type { LocalPage } from "@/api/page-queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { runTask, tellDone } from "../pages/run-task.ts";
import { RewriteDialog } from "./rewrite-dialog.tsx";

type RunVerb = "publish" | "again" | "retire" | "restore" | "write" | "review";
type Verb = "hold" | "release" | "approve";

const TASKS: Readonly<Record<RunVerb, { task: string; action?: string; params?: Record<string, unknown> }>> = {
  publish: { task: "publish", action: "publish" },
  again: { task: "publish", action: "publish" },
  retire: { task: "publish", action: "unpublish" },
  restore: { task: "publish", action: "restore" },
  write: { task: "write_pages" },
  review: { task: "critic_review" },
};
const DONE = { publish: "publish", again: "publish", retire: "retire", restore: "restore", write: "write", review: "review" } as const;
const BACK: Partial<Record<RunVerb, RunVerb>> = { retire: "restore", restore: "retire" };

const notDueSchema = z.object({ outcome: z.literal("not_due"), status: z.string() });

const useAgain = (project: string, page: LocalPage) => {
  const queryClient = useQueryClient();
  return async (): Promise<void> => {
    await Promise.all([queryClient.invalidateQueries({ queryKey: ["entities", "list", project] }), queryClient.invalidateQueries({ queryKey: ["page-versions", page.id] }), queryClient.invalidateQueries({ queryKey: ["page-preview", page.id] })]);
  };
};

/** What waits for other people's machines, or a model, is a run. */
const useRunVerb = (page: LocalPage) => {
  const project = useProjectId();
  const again = useAgain(project, page);
  const run = useMutation({
    mutationFn: async (verb: RunVerb) => runTask({ ...TASKS[verb], project_id: project, params: { ids: [page.id] } }),
    onSuccess: async (done, verb) => {
      const missed = notDueSchema.safeParse(done?.result).data;
      const back = BACK[verb];
      if (missed !== undefined) toast(t("pages.notDue", { status: missed.status.replaceAll("_", " ") }));
      else tellDone(t(`pages.done.${DONE[verb]}`), done, back === undefined ? undefined : () => run.mutate(back));
      await again();
    },
    onError: async (error) => {
      toast.error(error.message);
      await again();
    },
  });
  return run;
};

const useDecision = (page: LocalPage) => {
  const again = useAgain(useProjectId(), page);
  const decide = useMutation({
    mutationFn: async (verb: Verb) => {
      const params = { params: { path: { id: page.id } } };
      if (verb === "hold") return ok(api.POST("/api/pages/{id}/hold", params));
      return verb === "release" ? ok(api.POST("/api/pages/{id}/release", params)) : ok(api.POST("/api/pages/{id}/approve", params));
    },
    onSuccess: async (_, verb) => {
      toast(t(`pages.done.${verb}`), verb === "hold" ? { action: { label: t("do.undo"), onClick: () => decide.mutate("release") } } : {});
      await again();
    },
    onError: (error) => toast.error(error.message),
  });
  return decide;
};

const Delete = ({ page }: { page: LocalPage }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: async () => ok(api.DELETE("/api/entities/{id}", { params: { path: { id: page.id } } })),
    onSuccess: async () => {
      toast(t("pages.done.delete"));
      await navigate({ to: "/$project/pages", params: { project } });
    },
    onError: (error) => toast.error(error.message),
  });
  return <TypedConfirmation name={<><Trash2 size={16} />{t("pages.do.delete")}</>} title={t("pages.deleteTitle")} description={t("pages.deleteWhy", { word: t("pages.deleteWord") })} word={t("pages.deleteWord")} pending={remove.isPending} onConfirm={() => remove.mutate()} />;
};

/** What a person can do with a page, as it stands: the likeliest first. */
export const PageActions = ({ page }: { page: LocalPage }) => {
  const run = useRunVerb(page);
  const decide = useDecision(page);
  const [rewriting, setRewriting] = useState(false);
  const { status } = page;
  const busy = run.isPending || decide.isPending;
  const isOut = page.targets.some(({ placement }) => placement === "live" || placement === "draft");
  const isWritten = page.version !== null;
  const runs = (verb: RunVerb, Icon: typeof Send, kind: ComponentProps<typeof Button>["kind"] = "main") => <Button kind={kind} disabled={busy} onClick={() => run.mutate(verb)}><Icon size={16} />{t(`pages.do.${verb}`)}</Button>;
  const decides = (verb: Verb, Icon: typeof Send, kind: ComponentProps<typeof Button>["kind"] = "plain") => <Button kind={kind} disabled={busy} onClick={() => decide.mutate(verb)}><Icon size={16} />{t(`pages.do.${verb}`)}</Button>;
  return (
    <div className="flex flex-wrap gap-2">
      {status === "passed" && runs("publish", Send)}
      {(status === "planned" || status === "refused") && runs("write", PenLine)}
      {status === "written" && runs("review", Check)}
      {status === "needs_person" && isWritten && decides("approve", Check, "main")}
      {status === "held" && decides("release", Play, "main")}
      {status === "retired" && runs("restore", ArchiveRestore)}
      {status === "published" && runs("again", Send, "plain")}
      {(status === "refused" || status === "written") && isWritten && decides("approve", Check)}
      {isWritten && ["written", "needs_person", "passed", "published"].includes(status) && <Button disabled={busy} onClick={() => setRewriting(true)}><PenLine size={16} />{t("pages.do.rewrite")}</Button>}
      {status !== "held" && status !== "retired" && decides("hold", Hand)}
      {isOut && status !== "retired" && runs("retire", ArchiveX, "danger")}
      <Delete page={page} />
      {rewriting && <RewriteDialog page={page} onClose={() => setRewriting(false)} />}
    </div>
  );
};
