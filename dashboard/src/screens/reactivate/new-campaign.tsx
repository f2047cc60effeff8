import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MessageSquarePlus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import * as z from "zod/mini";
import { api, ApiProblem, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";

const preparedSchema = z.object({ campaign_id: z.string() });

const NewForm = ({ onDone }: { onDone: () => void }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [limit, setLimit] = useState("");
  const [months, setMonths] = useState("");
  const prepare = useMutation({
    mutationFn: async () => {
      const params = { ...(limit === "" ? {} : { limit: Number(limit) }), ...(months === "" ? {} : { inactive_months: Number(months) }) };
      const run = await ok(api.POST("/api/run", { params: { header: { prefer: "wait=20" } }, body: { task: "reactivator_agent", project_id: project, params } }));
      if ("error" in run && run.error !== null) throw new ApiProblem({ detail: run.error.message, code: run.error.code, status: 422 });
      return run;
    },
    onSuccess: async (run) => {
      await queryClient.invalidateQueries({ queryKey: ["campaigns", project] });
      const prepared = "result" in run ? preparedSchema.safeParse(run.result).data : undefined;
      onDone();
      if (prepared === undefined) toast(t("reactivate.preparing"));
      else await navigate({ to: "/$project/reactivate/$campaign", params: { project, campaign: prepared.campaign_id } });
    },
  });
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); prepare.mutate(); }}>
      <Field label={t("reactivate.limit")} hint={t("reactivate.limitHint")}>{(props) => <Input type="number" min={1} max={2000} inputMode="numeric" value={limit} onChange={({ target }) => setLimit(target.value)} {...props} />}</Field>
      <Field label={t("reactivate.months")} hint={t("reactivate.monthsHint")}>{(props) => <Input type="number" min={1} max={120} inputMode="numeric" value={months} onChange={({ target }) => setMonths(target.value)} {...props} />}</Field>
      {prepare.error !== null && <Problem error={prepare.error} />}
      <Button kind="main" type="submit" disabled={prepare.isPending}>{prepare.isPending ? t("reactivate.preparing") : t("reactivate.prepare")}</Button>
    </form>
  );
};

export const NewCampaign = () => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="main" onClick={() => setOpen(true)}><MessageSquarePlus size={16} />{t("reactivate.create")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("reactivate.create")} description={t("reactivate.createWhy")}><NewForm onDone={() => setOpen(false)} /></Dialog>
    </>
  );
};
