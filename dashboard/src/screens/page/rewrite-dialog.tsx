import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import type { LocalPage } from "@/api/page-queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Textarea } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { runTask } from "../pages/run-task.ts";

/** Sends a page back to the writer, with what should be different; the writer then has it at once, and the critic after. */
export const RewriteDialog = ({ page, onClose }: { page: LocalPage; onClose: () => void }) => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  const [note, setNote] = useState("");
  const rewrite = useMutation({
    mutationFn: async () => {
      await ok(api.POST("/api/pages/{id}/rewrite", { params: { path: { id: page.id } }, body: note.trim() === "" ? {} : { note: note.trim() } }));
      return runTask({ task: "write_pages", project_id: project, params: { ids: [page.id] } });
    },
    onSuccess: () => {
      toast(t("pages.done.write"));
      onClose();
    },
    onSettled: async () => queryClient.invalidateQueries({ queryKey: ["entities", "list", project] }),
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("pages.rewriteTitle")} description={t("pages.rewriteWhy")}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); rewrite.mutate(); }}>
        <Field label={t("pages.note")} hint={t("pages.noteHint")}>{(props) => <Textarea rows={4} maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} {...props} />}</Field>
        {rewrite.isError && <Problem error={rewrite.error} />}
        <Button kind="main" type="submit" disabled={rewrite.isPending}>{t("pages.do.rewrite")}</Button>
      </form>
    </Dialog>
  );
};
