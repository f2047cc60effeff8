import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Phone } from "lucide-react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { connectionsQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { Connections } from "../connections/connections.tsx";
import { AdminOnly } from "./admin-only.tsx";

const Numbers = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const key = ["numbers", project_id];
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: async () => ok(api.GET("/api/projects/{project_id}/numbers", { params: { path: { project_id }, query: { limit: 200 } } })) });
  const { data: connections } = useQuery(connectionsQuery(project_id));
  const remove = useMutation({
    mutationFn: async (phone_number: string) => ok(api.DELETE("/api/projects/{project_id}/numbers/{phone_number}", { params: { path: { project_id, phone_number } } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: key });
      await cache.invalidateQueries({ queryKey: connectionsQuery(project_id).queryKey });
      toast(t("settings.connections.removed"));
    },
    onError: (problem) => toast.error(problem.message),
  });
  const word = t("settings.connections.word");
  return (
    <Panel title={t("settings.connections.numbers")}>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={2} />}
      {data?.items.length === 0 && <Empty icon={<Phone size={20} />} title={t("settings.connections.noNumbers")}>{t("settings.connections.noNumbersWhy", { from: connections?.calls_from ?? "" })}</Empty>}
      {data !== undefined && data.items.length > 0 && <p className="border-b px-5 py-3 text-sm text-quiet">{t("settings.connections.numbersWhy")}</p>}
      <ul className="divide-y">
        {data?.items.map(({ phone_number, account_sid, is_from }) => (
          <li key={phone_number} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
            <span className="grid gap-0.5"><span className="tabular font-medium">{phone_number}</span><span className="text-xs text-quiet">{account_sid === null ? t("settings.connections.serviceAccount") : t("settings.connections.account", { sid: account_sid })}</span></span>
            <span className="flex items-center gap-3">
              {is_from && <Badge tone="accent">{t("settings.connections.isFrom")}</Badge>}
              <TypedConfirmation name={t("settings.remove")} title={t("settings.connections.removeNumber")} description={t("settings.connections.removeNumberWhy", { word })} word={word} pending={remove.isPending} onConfirm={() => remove.mutate(phone_number)} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
};

export const ConnectionsSection = () => (
  <AdminOnly>
    <Panel title={t("settings.connections.title")}><Connections isManaging /></Panel>
    <Numbers />
  </AdminOnly>
);
