import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { api, ok, type Schemas } from "@/api/client";
import { agoOf, dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { CopyRow } from "@/ui/copy-row";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { AdminOnly } from "./admin-only.tsx";

type ApiKey = Schemas["ApiKey"];
const SCOPES = ["leads:read", "leads:write", "calls:read", "runs:write", "dna:write", "admin"] as const;
type Scope = (typeof SCOPES)[number];

interface NewKey {
  name: string;
  scopes: Scope[];
  expires: string;
}

const MakeForm = ({ onMade }: { onMade: (key: string) => void }) => {
  const { register, handleSubmit, watch } = useForm<NewKey>({ defaultValues: { name: "", scopes: ["leads:read"], expires: "" } });
  const make = useMutation({
    mutationFn: async ({ name, scopes, expires }: NewKey) => ok(api.POST("/api/api-keys", { body: { name, scopes, ...(expires === "" ? {} : { expires_at: new Date(`${expires}T23:59:59`).toISOString() }) } })),
    onSuccess: ({ key = "" }) => onMade(key),
  });
  return (
    <form className="grid gap-4" onSubmit={(event) => void handleSubmit((values) => make.mutate(values))(event)}>
      <Field label={t("settings.keys.name")}>{(props) => <Input required maxLength={120} autoComplete="off" {...props} {...register("name")} />}</Field>
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm font-medium">{t("settings.keys.scopes")}</legend>
        {SCOPES.map((scope) => <label key={scope} className="flex min-h-7 items-center gap-2.5 text-sm"><input type="checkbox" value={scope} className="size-4 accent-(--accent)" {...register("scopes")} />{t(`settings.keys.scope.${scope}`)} <code className="text-xs text-quiet">{scope}</code></label>)}
      </fieldset>
      <Field label={t("settings.keys.expires")} hint={t("settings.keys.expiresHint")}>{(props) => <Input type="date" {...props} {...register("expires")} />}</Field>
      {make.isError && <Problem error={make.error} />}
      <Button kind="main" type="submit" disabled={make.isPending || watch("scopes").length === 0}>{t("settings.keys.make")}</Button>
    </form>
  );
};

/** The key is in this window alone: closing it forgets it. */
const Make = ({ refresh }: { refresh: () => Promise<void> }) => {
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState<string | null>(null);
  const close = (): void => {
    setOpen(false);
    setKey(null);
    void refresh();
  };
  return (
    <>
      <Button size="small" kind="main" onClick={() => setOpen(true)}>{t("settings.keys.make")}</Button>
      <Dialog open={open} onOpenChange={(next) => (next ? setOpen(true) : close())} title={t(key === null ? "settings.keys.make" : "settings.keys.once")} description={t(key === null ? "settings.keys.why" : "settings.keys.onceWhy")}>
        {key === null ? <MakeForm onMade={setKey} /> : <div className="grid gap-4"><CopyRow name={t("settings.keys.key")} text={key} /><Button kind="main" onClick={close}>{t("settings.keys.close")}</Button></div>}
      </Dialog>
    </>
  );
};

const KeyRow = ({ apiKey: { id, name, prefix, scopes, last_used_at, expires_at }, refresh }: { apiKey: ApiKey; refresh: () => Promise<void> }) => {
  const zone = useZone();
  const revoke = useMutation({ mutationFn: async () => ok(api.DELETE("/api/api-keys/{id}", { params: { path: { id } } })), onSuccess: async () => { toast(t("settings.keys.revoked")); await refresh(); }, onError: (error) => toast.error(error.message) });
  const word = t("settings.keys.word");
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
      <span className="grid min-w-0 gap-1">
        <span className="font-medium">{name} <code className="text-xs font-normal text-quiet">{prefix}…</code></span>
        <span className="flex flex-wrap gap-1">{scopes.map((scope) => <Badge key={scope}>{scope}</Badge>)}</span>
        <span className="text-xs text-quiet">{last_used_at === null ? t("settings.keys.unused") : t("settings.keys.used", { when: agoOf(last_used_at) })}{expires_at === null ? "" : `, ${t("settings.keys.ends", { when: dateTimeOf(expires_at, zone) })}`}</span>
      </span>
      <TypedConfirmation name={t("settings.keys.revoke")} title={t("settings.keys.revokeTitle", { name })} description={t("settings.keys.revokeWhy", { word })} word={word} pending={revoke.isPending} onConfirm={() => revoke.mutate()} />
    </li>
  );
};

const Keys = () => {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["api-keys"], queryFn: async () => ok(api.GET("/api/api-keys", { params: { query: { limit: 200 } } })) });
  const refresh = async (): Promise<void> => cache.invalidateQueries({ queryKey: ["api-keys"] });
  return (
    <Panel title={t("settings.keys.title")} action={<Make refresh={refresh} />}>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={3} />}
      {data?.items.length === 0 && <Empty icon={<KeyRound size={20} />} title={t("settings.keys.none")}>{t("settings.keys.noneWhy")}</Empty>}
      <ul className="divide-y">{data?.items.map((key) => <KeyRow key={key.id} apiKey={key} refresh={refresh} />)}</ul>
    </Panel>
  );
};

export const KeysSection = () => <AdminOnly><Keys /></AdminOnly>;
