import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, PhoneOutgoing, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import type { Entity } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { TextLead } from "./text-lead.tsx";

const CallNow = ({ lead }: { lead: Entity }) => {
  const project = useProjectId();
  const call = useMutation({
    mutationFn: async () => ok(api.POST("/api/run", { params: { header: { prefer: "wait=10" } }, body: { task: "sales_agent", action: "instant_call", project_id: project, params: { lead_id: lead.id } } })),
    onSuccess: () => toast(t("lead.calling")),
    onError: (error) => toast.error(error.message),
  });
  return <Button kind="main" disabled={call.isPending || typeof lead.metadata["phone"] !== "string"} onClick={() => call.mutate()}><PhoneOutgoing size={16} />{t("lead.call")}</Button>;
};

const MarkBooked = ({ lead }: { lead: Entity }) => {
  const queryClient = useQueryClient();
  const [open, setOpen] = useState(false);
  const [amount, setAmount] = useState("");
  // What is booked already may have been so without an amount, or have come to another.
  const title = t(lead.metadata["status"] === "won" ? "lead.changeAmount" : "lead.booked");
  const save = useMutation({
    mutationFn: async () => ok(api.PATCH("/api/entities/{id}", { params: { path: { id: lead.id } }, body: { metadata: { status: "won", ...(amount === "" ? {} : { amount: Number(amount) }) } } })),
    onSuccess: (entity) => {
      queryClient.setQueryData(["entities", "one", lead.id], entity);
      setOpen(false);
    },
    onError: (error) => toast.error(error.message),
  });
  return (
    <>
      <Button onClick={() => setOpen(true)}><Check size={16} />{title}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={title}>
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
          <Field label={t("lead.amount")}>{(props) => <Input type="number" min={0} step="any" inputMode="decimal" value={amount} onChange={({ target }) => setAmount(target.value)} {...props} />}</Field>
          <Button kind="main" type="submit" disabled={save.isPending}>{t("do.save")}</Button>
        </form>
      </Dialog>
    </>
  );
};

const Erase = ({ lead }: { lead: Entity }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const erase = useMutation({
    mutationFn: async () => ok(api.DELETE("/api/entities/{id}", { params: { path: { id: lead.id } } })),
    onSuccess: async () => {
      toast(t("lead.erased"));
      await navigate({ to: "/$project/leads", params: { project } });
      queryClient.removeQueries({ queryKey: ["entities", "one", lead.id] });
    },
    onError: (error) => toast.error(error.message),
  });
  return (
    <TypedConfirmation name={<><Trash2 size={16} />{t("lead.erase")}</>} title={t("lead.eraseTitle")} description={t("lead.eraseWhy", { word: t("lead.eraseWord") })} word={t("lead.eraseWord")} pending={erase.isPending} onConfirm={() => erase.mutate()} />
  );
};

export const LeadActions = ({ lead }: { lead: Entity }) => (
  <div className="flex flex-wrap gap-2">
    <CallNow lead={lead} />
    <TextLead lead={lead} />
    <MarkBooked lead={lead} />
    <Erase lead={lead} />
  </div>
);
