import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { api, ApiProblem, ok, type Schemas } from "@/api/client";
import { meQuery } from "@/api/queries";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { AdminOnly } from "./admin-only.tsx";

type Member = Schemas["Member"];
type Role = Member["role"];
const ROLES = ["owner", "admin", "agent", "viewer"] as const satisfies readonly Role[];
const roleFrom = (text: string): Role => ROLES.find((role) => role === text) ?? "viewer";

const RoleOptions = () => ROLES.map((role) => <option key={role} value={role}>{t(`settings.people.roles.${role}`)}</option>);

const MemberRow = ({ member, isMe }: { member: Member; isMe: boolean }) => {
  const cache = useQueryClient();
  const refresh = async (): Promise<void> => cache.invalidateQueries({ queryKey: ["members"] });
  const name = member.name === "" ? member.email : member.name;
  const set = async (role: Role) => ok(api.PATCH("/api/members/{id}", { params: { path: { id: member.id } }, body: { role } }));
  const change = useMutation({
    mutationFn: set,
    onSuccess: async (_, role) => {
      await refresh();
      toast(t("settings.people.changed", { name, role: t(`settings.people.roles.${role}`) }), { action: { label: t("do.undo"), onClick: () => void set(member.role).then(refresh, (error: unknown) => toast.error(error instanceof Error ? error.message : t("problem.unexpected"))) } });
    },
    onError: (error) => toast.error(error.message),
  });
  const remove = useMutation({
    mutationFn: async () => ok(api.DELETE("/api/members/{id}", { params: { path: { id: member.id } } })),
    onSuccess: async () => { toast(t("settings.people.removed", { name })); await refresh(); },
    onError: (error) => toast.error(error.message),
  });
  const word = t("settings.people.word");
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
      <span className="grid min-w-0 gap-0.5"><span className="font-medium">{name} {isMe && <Badge>{t("settings.people.you")}</Badge>}</span><span className="truncate text-quiet">{member.email}</span></span>
      <span className="flex items-center gap-2">
        <Select aria-label={t("settings.people.roleOf", { name })} value={member.role} disabled={change.isPending} onChange={({ target }) => change.mutate(roleFrom(target.value))} className="w-28"><RoleOptions /></Select>
        {!isMe && <TypedConfirmation name={t("settings.remove")} title={t("settings.people.removeTitle", { name })} description={t("settings.people.removeWhy", { word })} word={word} pending={remove.isPending} onConfirm={() => remove.mutate()} />}
      </span>
    </li>
  );
};

interface NewInvitation {
  email: string;
  role: Role;
}

const Invite = () => {
  const cache = useQueryClient();
  const { register, handleSubmit, reset, watch } = useForm<NewInvitation>({ defaultValues: { email: "", role: "agent" } });
  const invite = useMutation({
    mutationFn: async (body: NewInvitation) => ok(api.POST("/api/invitations", { body })),
    onSuccess: async (_, { email }) => {
      reset();
      toast(t("settings.people.invited", { email }));
      await cache.invalidateQueries({ queryKey: ["invitations"] });
    },
  });
  const wrong = invite.error instanceof ApiProblem ? invite.error.fields.find(({ path }) => path.endsWith("email"))?.message : undefined;
  return (
    <form className="grid items-start gap-3 border-b p-5 sm:grid-cols-[1fr_12rem_auto]" onSubmit={(event) => void handleSubmit((values) => invite.mutate(values))(event)}>
      <Field label={t("settings.people.email")} error={wrong}>{(props) => <Input required type="email" maxLength={254} autoComplete="off" {...props} {...register("email")} />}</Field>
      <Field label={t("settings.people.role")} hint={t(`settings.people.rolesWhat.${watch("role")}`)}>{(props) => <Select {...props} {...register("role")}><RoleOptions /></Select>}</Field>
      <Button kind="main" type="submit" disabled={invite.isPending} className="sm:mt-6.5">{t("settings.people.invite")}</Button>
      {invite.isError && wrong === undefined && <div className="sm:col-span-3"><Problem error={invite.error} /></div>}
    </form>
  );
};

const Invitations = () => {
  const cache = useQueryClient();
  const zone = useZone();
  const { data } = useQuery({ queryKey: ["invitations"], queryFn: async () => ok(api.GET("/api/invitations", { params: { query: { limit: 200 } } })) });
  const revoke = useMutation({
    mutationFn: async (id: string) => ok(api.DELETE("/api/invitations/{id}", { params: { path: { id } } })),
    onSuccess: async () => { toast(t("settings.people.takenBack")); await cache.invalidateQueries({ queryKey: ["invitations"] }); },
    onError: (error) => toast.error(error.message),
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title={t("settings.people.invitations")}>
      <ul className="divide-y">
        {data.items.map(({ id, email, role, expires_at }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3 text-sm">
            <span className="min-w-0 break-all">{email} <span className="text-quiet">{t(`settings.people.roles.${role}`)}. {t("settings.people.until", { when: dateTimeOf(expires_at, zone) })}</span></span>
            <Button size="small" aria-label={t("settings.people.takeBackName", { email })} disabled={revoke.isPending} onClick={() => revoke.mutate(id)}>{t("settings.people.takeBack")}</Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
};

const People = () => {
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery({ queryKey: ["members"], queryFn: async () => ok(api.GET("/api/members", { params: { query: { limit: 200 } } })) });
  return (
    <>
      <Panel title={t("settings.people.members")}>
        <Invite />
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows rows={3} />}
        <ul className="divide-y">{data?.items.map((member) => <MemberRow key={member.id} member={member} isMe={member.id === me?.user.id} />)}</ul>
      </Panel>
      <Invitations />
    </>
  );
};

export const PeopleSection = () => <AdminOnly><People /></AdminOnly>;
