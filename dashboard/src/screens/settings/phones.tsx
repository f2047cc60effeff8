import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { PhoneCall } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok, type Schemas } from "@/api/client";
import { agoOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Blocklist } from "./blocklist.tsx";

const keyOf = (project: string) => ["destinations", project];

/** A code to the phone, and back: whoever reads it to us has the phone in their hand. */
const Verify = ({ phone }: { phone: string }) => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const [code, setCode] = useState("");
  const params = { path: { project_id, phone } };
  const send = useMutation({
    mutationFn: async (channel: "sms" | "call") => ok(api.POST("/api/projects/{project_id}/destinations/{phone}/verify", { params, body: { channel } })),
    onSuccess: () => { toast(t("settings.phones.sent")); setOpen(true); },
    onError: (error) => toast.error(error.message),
  });
  const confirm = useMutation({
    mutationFn: async () => ok(api.POST("/api/projects/{project_id}/destinations/{phone}/confirm", { params, body: { code } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keyOf(project_id) });
      toast(t("settings.phones.done"));
      setOpen(false);
    },
  });
  return (
    <span className="flex flex-wrap gap-2">
      <Button size="small" disabled={send.isPending} onClick={() => send.mutate("sms")}>{t("settings.phones.sendSms")}</Button>
      <Button size="small" disabled={send.isPending} onClick={() => send.mutate("call")}>{t("settings.phones.sendCall")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("settings.phones.code")}>
        <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); confirm.mutate(); }}>
          <Field label={t("settings.phones.code")} hint={t("settings.phones.codeHint", { phone })}>{(props) => <Input required inputMode="numeric" autoComplete="one-time-code" pattern="\s*\d{6}\s*" value={code} onChange={({ target }) => setCode(target.value)} {...props} />}</Field>
          {confirm.isError && <Problem error={confirm.error} />}
          <Button kind="main" type="submit" disabled={confirm.isPending}>{t("settings.phones.confirm")}</Button>
        </form>
      </Dialog>
    </span>
  );
};

const Row = ({ phone, name, verified_at }: Schemas["Destination"]) => (
  <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
    <span className="grid gap-0.5"><span className="font-medium">{name === null || name === "" ? t("settings.phones.unnamed") : name}</span><span className="tabular text-quiet">{phone}</span></span>
    <span className="flex flex-wrap items-center gap-3">
      <Badge tone={verified_at === null ? "plain" : "good"}>{verified_at === null ? t("settings.phones.unverified") : t("settings.phones.verified", { when: agoOf(verified_at) })}</Badge>
      {verified_at === null && <Verify phone={phone} />}
    </span>
  </li>
);

export const PhonesSection = () => {
  const project_id = useProjectId();
  const { data, error, refetch } = useQuery({ queryKey: keyOf(project_id), queryFn: async () => ok(api.GET("/api/projects/{project_id}/destinations", { params: { path: { project_id } } })) });
  return (
    <>
      <Panel title={t("settings.phones.destinations")}>
        <p className="border-b px-5 py-3 text-sm text-quiet">{t("settings.phones.destinationsWhy")}</p>
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows rows={2} />}
        {data?.items.length === 0 && <Empty icon={<PhoneCall size={20} />} title={t("settings.phones.noDestinations")}>{t("settings.phones.noDestinationsWhy")}</Empty>}
        <ul className="divide-y">{data?.items.map((phone) => <Row key={phone.phone} {...phone} />)}</ul>
      </Panel>
      <Blocklist />
    </>
  );
};
