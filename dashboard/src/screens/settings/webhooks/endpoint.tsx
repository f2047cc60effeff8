import { useMutation, useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { projectsQuery } from "@/api/queries";
import { cn } from "@/lib/cn";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { Deliveries } from "./deliveries.tsx";
import { EndpointForm } from "./endpoint-form.tsx";
import { type Endpoint, useRefresh } from "./queries.ts";
import { RotateSecret } from "./rotate-secret.tsx";

const State = ({ endpoint: { enabled, disabled_why, failing_since } }: { endpoint: Endpoint }) => {
  const zone = useZone();
  if (!enabled) return <Badge tone={disabled_why === "asked" ? "plain" : "bad"}>{t(`settings.webhooks.off.${disabled_why ?? "asked"}`)}</Badge>;
  return failing_since === null ? <Badge tone="good">{t("settings.webhooks.on")}</Badge> : <Badge tone="warn">{t("settings.webhooks.failing", { when: dateTimeOf(failing_since, zone) })}</Badge>;
};

const Change = ({ endpoint }: { endpoint: Endpoint }) => {
  const { endpoints } = useRefresh();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>{t("settings.webhooks.change")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("settings.webhooks.change")}>
        <EndpointForm endpoint={endpoint} onDone={() => { setOpen(false); void endpoints(); }} />
      </Dialog>
    </>
  );
};

const Actions = ({ endpoint, onTested }: { endpoint: Endpoint; onTested: () => void }) => {
  const refresh = useRefresh();
  const params = { path: { id: endpoint.id } };
  const onError = (error: Error): void => void toast.error(error.message);
  const test = useMutation({ mutationFn: async () => ok(api.POST("/api/webhook-endpoints/{id}/test", { params })), onSuccess: async () => { onTested(); await refresh.all(); }, onError });
  const switchTo = async (enabled: boolean): Promise<void> => {
    await ok(api.PATCH("/api/webhook-endpoints/{id}", { params, body: { enabled } }));
    await refresh.all();
  };
  const change = useMutation({
    mutationFn: switchTo,
    onSuccess: (_, enabled) => {
      if (enabled) toast(t("settings.webhooks.switchedOn"));
      else toast(t("settings.webhooks.switchedOff"), { action: { label: t("do.undo"), onClick: () => change.mutate(true) } });
    },
    onError,
  });
  const remove = useMutation({ mutationFn: async () => ok(api.DELETE("/api/webhook-endpoints/{id}", { params })), onSuccess: async () => { toast(t("settings.webhooks.removed")); await refresh.endpoints(); }, onError });
  const word = t("settings.webhooks.word");
  return (
    <div className="flex flex-wrap gap-2">
      {endpoint.enabled && <Button size="small" disabled={test.isPending} onClick={() => test.mutate()}>{t("settings.webhooks.test")}</Button>}
      <Change endpoint={endpoint} />
      <RotateSecret id={endpoint.id} />
      <Button size="small" disabled={change.isPending} onClick={() => change.mutate(!endpoint.enabled)}>{t(endpoint.enabled ? "settings.webhooks.switchOff" : "settings.webhooks.switchOn")}</Button>
      <TypedConfirmation size="small" name={t("settings.remove")} title={t("settings.webhooks.removeTitle")} description={t("settings.webhooks.removeWhy", { url: endpoint.url, word })} word={word} pending={remove.isPending} onConfirm={() => remove.mutate()} />
    </div>
  );
};

export const EndpointRow = ({ endpoint }: { endpoint: Endpoint }) => {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const { data: projects } = useQuery(projectsQuery);
  const business = endpoint.project_id === null ? t("settings.webhooks.anyBusiness") : (projects?.items.find(({ project_id }) => project_id === endpoint.project_id)?.name ?? endpoint.project_id);
  return (
    <li data-testid={endpoint.id}>
      <div className="grid gap-3 px-5 py-4 text-sm">
        <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-2">
          <span className="grid min-w-0 gap-0.5">
            <span className="font-medium break-all">{endpoint.url}</span>
            <span className="text-xs break-words text-quiet">{endpoint.description === "" ? business : `${endpoint.description} · ${business}`}</span>
          </span>
          <State endpoint={endpoint} />
        </div>
        <span className="flex flex-wrap gap-1">{endpoint.events.map((event) => <Badge key={event}>{event}</Badge>)}</span>
        <Actions endpoint={endpoint} onTested={() => setOpen(true)} />
        <div>
          <Button size="small" kind="quiet" className="-ml-2.5" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
            <ChevronDown aria-hidden size={15} className={cn("transition-transform", isOpen && "rotate-180")} />{t("settings.webhooks.deliveries")}
          </Button>
        </div>
      </div>
      <div id={id} hidden={!isOpen}>{isOpen && <Deliveries endpoint={endpoint} />}</div>
    </li>
  );
};
