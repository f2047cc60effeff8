import { useMutation, useQueryClient } from "@tanstack/react-query";
import { MessageSquare } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ApiProblem, ok } from "@/api/client";
import type { Entity } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Textarea } from "@/ui/field";
import { Problem } from "@/ui/problem";

const LONGEST = 1000;

const TextForm = ({ lead, onSent }: { lead: Entity; onSent: () => void }) => {
  const project_id = useProjectId();
  const queryClient = useQueryClient();
  const [body, setBody] = useState("");
  const send = useMutation({
    mutationFn: async () => {
      const run = await ok(api.POST("/api/run", { params: { header: { prefer: "wait=15" } }, body: { task: "sales_agent", action: "text_lead", project_id, params: { lead_id: lead.id, body } } }));
      if ("error" in run && run.error !== null) throw new ApiProblem({ detail: run.error.message, code: run.error.code, status: 422 });
      return run.status;
    },
    onSuccess: async (status) => {
      toast(t(status === "succeeded" ? "lead.texted" : "lead.textWaits"));
      onSent();
      await queryClient.invalidateQueries({ queryKey: ["timeline", lead.id] });
    },
  });
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); send.mutate(); }}>
      <Field label={t("lead.textBody")} hint={t("lead.textHint", { left: LONGEST - body.length })}>{(props) => <Textarea rows={5} required maxLength={LONGEST} value={body} onChange={({ target }) => setBody(target.value)} {...props} />}</Field>
      {send.error !== null && <Problem error={send.error} />}
      <Button kind="main" type="submit" disabled={body.trim() === "" || send.isPending}>{t("lead.textSend")}</Button>
    </form>
  );
};

export const TextLead = ({ lead }: { lead: Entity }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button disabled={typeof lead.metadata["phone"] !== "string"} onClick={() => setOpen(true)}><MessageSquare size={16} />{t("lead.text")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("lead.text")} description={t("lead.textWhy")}><TextForm lead={lead} onSent={() => setOpen(false)} /></Dialog>
    </>
  );
};
