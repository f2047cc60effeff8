import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { api, ApiProblem, ok } from "@/api/client";
import { agoOf } from "@/lib/format";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

/** A browser and its system, out of what a browser says of itself; enough to know one's own. */
const deviceOf = (agent: string | null): string => {
  if (agent === null) return t("settings.account.unknown");
  const browser = ["Edg", "Firefox", "Chrome", "Safari"].find((name) => agent.includes(name));
  const system = ["iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name));
  return browser === undefined ? agent.slice(0, 60) : [browser.replace("Edg", "Edge"), system].filter((part) => part !== undefined).join(", ");
};

const Sessions = () => {
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["sessions"], queryFn: async () => ok(api.GET("/api/auth/sessions")) });
  const end = useMutation({
    mutationFn: async (id: string) => ok(api.DELETE("/api/auth/sessions/{id}", { params: { path: { id } } })),
    onSuccess: async () => { toast(t("settings.account.signedOut")); await cache.invalidateQueries({ queryKey: ["sessions"] }); },
    onError: (problem) => toast.error(problem.message),
  });
  return (
    <Panel title={t("settings.account.sessions")}>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={2} />}
      <ul className="divide-y">
        {data?.items.map(({ id, current, refreshed_at, ip, user_agent }) => {
          const name = deviceOf(user_agent);
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
              <span className="grid gap-0.5"><span className="font-medium">{name} {current && <Badge tone="good">{t("settings.account.current")}</Badge>}</span><span className="text-xs text-quiet">{ip === null ? "" : `${ip}, `}{t("settings.account.lastSeen", { when: agoOf(refreshed_at) })}</span></span>
              {!current && <Button size="small" aria-label={t("settings.account.signOutName", { name })} disabled={end.isPending} onClick={() => end.mutate(id)}>{t("settings.account.signOut")}</Button>}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
};

interface Passwords {
  old_password: string;
  new_password: string;
}

const Password = () => {
  const cache = useQueryClient();
  const { register, handleSubmit, reset } = useForm<Passwords>();
  const change = useMutation({
    mutationFn: async (body: Passwords) => ok(api.POST("/api/auth/password", { body })),
    onSuccess: async () => {
      reset();
      toast(t("settings.account.changed"));
      await cache.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  const errorOf = (field: keyof Passwords): string | undefined => (change.error instanceof ApiProblem ? change.error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);
  const isNamed = errorOf("old_password") !== undefined || errorOf("new_password") !== undefined;
  return (
    <Panel title={t("settings.account.password")}>
      <form className="grid gap-4 p-5 sm:grid-cols-2" onSubmit={(event) => void handleSubmit((values) => change.mutate(values))(event)}>
        <Field label={t("settings.account.old")} error={errorOf("old_password")}>{(props) => <Input required type="password" autoComplete="current-password" {...props} {...register("old_password")} />}</Field>
        <Field label={t("settings.account.new")} hint={t("sign.hint")} error={errorOf("new_password")}>{(props) => <Input required type="password" minLength={12} autoComplete="new-password" {...props} {...register("new_password")} />}</Field>
        <div><Button type="submit" disabled={change.isPending}>{t("settings.account.change")}</Button></div>
        {change.isError && !isNamed && <div className="sm:col-span-2"><Problem error={change.error} /></div>}
      </form>
    </Panel>
  );
};

const Address = () => {
  const resend = useMutation({ mutationFn: async () => ok(api.POST("/api/auth/verify/resend")), onSuccess: () => void toast(t("settings.account.resent")), onError: (error) => toast.error(error.message) });
  return <Panel title={t("settings.account.confirm")}><div className="p-5"><Button disabled={resend.isPending} onClick={() => resend.mutate()}>{t("settings.account.resend")}</Button></div></Panel>;
};

export const AccountSection = () => (
  <>
    <Sessions />
    <Password />
    <Address />
  </>
);
