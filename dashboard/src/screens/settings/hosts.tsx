import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Globe } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ApiProblem, ok, type Schemas } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { CopyRow } from "@/ui/copy-row";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { AdminOnly } from "./admin-only.tsx";

const PATH = "/api/projects/{project_id}/hosts/{host}";

const Host = ({ host, refresh }: { host: Schemas["PageHost"]; refresh: () => Promise<void> }) => {
  const project_id = useProjectId();
  const params = { path: { project_id, host: host.host } };
  const verify = useMutation({ mutationFn: async () => ok(api.POST("/api/projects/{project_id}/hosts/{host}/verify", { params })), onSuccess: async () => { toast(t("settings.hosts.isVerified")); await refresh(); } });
  const remove = useMutation({ mutationFn: async () => ok(api.DELETE(PATH, { params })), onSuccess: refresh, onError: (error) => toast.error(error.message) });
  const word = t("settings.connections.word");
  return (
    <li className="grid gap-3 px-5 py-4 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="font-medium break-all">{host.host}</span>
        <span className="flex flex-wrap items-center gap-2">
          {host.is_primary && <Badge tone="accent">{t("settings.hosts.primary")}</Badge>}
          <Badge tone={host.verified_at === null ? "warn" : "good"}>{t(host.verified_at === null ? "settings.hosts.waiting" : "settings.hosts.verified")}</Badge>
          <TypedConfirmation name={t("settings.remove")} title={t("settings.hosts.removeTitle", { host: host.host })} description={t("settings.hosts.removeWhy", { word })} word={word} pending={remove.isPending} onConfirm={() => remove.mutate()} />
        </span>
      </div>
      {host.proof !== null && host.verified_at === null && (
        <div className="grid gap-3 rounded-lg border p-4">
          <p className="text-quiet">{t("settings.hosts.record")}</p>
          <CopyRow name={t("settings.hosts.recordName")} text={host.proof.name} />
          <CopyRow name={t("settings.hosts.recordValue")} text={host.proof.value} />
          <div><Button disabled={verify.isPending} onClick={() => verify.mutate()}>{t("settings.hosts.verify")}</Button></div>
          {verify.isError && <Problem error={verify.error} />}
        </div>
      )}
    </li>
  );
};

const Hosts = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const key = ["hosts", project_id];
  const refresh = async (): Promise<void> => cache.invalidateQueries({ queryKey: key });
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: async () => ok(api.GET("/api/projects/{project_id}/hosts", { params: { path: { project_id } } })) });
  const [name, setName] = useState("");
  const add = useMutation({ mutationFn: async () => ok(api.PUT(PATH, { params: { path: { project_id, host: name.trim().toLowerCase() } } })), onSuccess: async () => { setName(""); await refresh(); } });
  const wrong = add.error instanceof ApiProblem ? add.error.fields.find(({ path }) => path.endsWith("host"))?.message : undefined;
  return (
    <Panel title={t("settings.hosts.title")}>
      <form className="grid items-start gap-3 border-b p-5 sm:grid-cols-[1fr_auto]" onSubmit={(event) => { event.preventDefault(); add.mutate(); }}>
        <p className="text-sm text-quiet sm:col-span-2">{t("settings.hosts.why")}</p>
        <Field label={t("settings.hosts.name")} hint={t("settings.hosts.hint")} error={wrong}>{(props) => <Input required maxLength={253} value={name} onChange={({ target }) => setName(target.value)} {...props} />}</Field>
        <Button type="submit" disabled={add.isPending} className="sm:mt-6.5">{t("settings.hosts.add")}</Button>
      </form>
      {add.isError && wrong === undefined && <Problem error={add.error} />}
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={2} />}
      {data?.items.length === 0 && <Empty icon={<Globe size={20} />} title={t("settings.hosts.none")}>{t("settings.hosts.noneWhy")}</Empty>}
      <ul className="divide-y">{data?.items.map((host) => <Host key={host.host} host={host} refresh={refresh} />)}</ul>
    </Panel>
  );
};

export const HostsSection = () => <AdminOnly><Hosts /></AdminOnly>;
