import { useQuery } from "@tanstack/react-query";
import { Webhook } from "lucide-react";
import { useState } from "react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { AdminOnly } from "../admin-only.tsx";
import { EndpointForm } from "./endpoint-form.tsx";
import { EndpointRow } from "./endpoint.tsx";
import { endpointsQuery, useRefresh } from "./queries.ts";
import { Secret } from "./secret.tsx";

const Add = () => {
  const { endpoints } = useRefresh();
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const close = (): void => {
    setOpen(false);
    setSecret(null);
    void endpoints();
  };
  return (
    <>
      <Button size="small" kind="main" onClick={() => setOpen(true)}>{t("settings.webhooks.add")}</Button>
      <Dialog open={open} onOpenChange={(next) => (next ? setOpen(true) : close())} title={t(secret === null ? "settings.webhooks.add" : "settings.webhooks.once")} description={t(secret === null ? "settings.webhooks.why" : "settings.webhooks.onceWhy")}>
        {secret === null ? <EndpointForm onDone={(added) => setSecret(added.secret ?? "")} /> : <Secret secret={secret} onClose={close} />}
      </Dialog>
    </>
  );
};

const Webhooks = () => {
  const { data, error, refetch } = useQuery(endpointsQuery);
  return (
    <Panel title={t("settings.webhooks.title")} action={<Add />} className="overflow-hidden">
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={3} />}
      {data?.items.length === 0 && <Empty icon={<Webhook size={20} />} title={t("settings.webhooks.none")}>{t("settings.webhooks.noneWhy")}</Empty>}
      <ul className="divide-y">{data?.items.map((endpoint) => <EndpointRow key={endpoint.id} endpoint={endpoint} />)}</ul>
    </Panel>
  );
};

export const WebhooksSection = () => <AdminOnly><Webhooks /></AdminOnly>;
