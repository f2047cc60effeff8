import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { toast } from "sonner";
import { api, ApiProblem, ok } from "@/api/client";
import { connectionsQuery, webhooksQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { CopyRow } from "@/ui/copy-row";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { ConnectionCard, useConnection } from "./card.tsx";
import { CheckResult, useCheck } from "./check.tsx";

interface OwnNumber {
  phone_number: string;
  account_sid: string;
  auth_token: string;
}

/** Gives the project a number of its own; Twilio is asked whose it is before anything is kept. */
const AddNumber = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const { register, handleSubmit, reset } = useForm<OwnNumber>();
  const add = useMutation({
    mutationFn: async ({ phone_number, account_sid, auth_token }: OwnNumber) =>
      ok(api.PUT("/api/projects/{project_id}/numbers/{phone_number}", { params: { path: { project_id, phone_number: phone_number.replaceAll(/[^+\d]/g, "") } }, body: { twilio: { account_sid: account_sid.trim(), auth_token: auth_token.trim() } } })),
    onSuccess: async () => {
      reset();
      await cache.invalidateQueries({ queryKey: connectionsQuery(project_id).queryKey });
      await cache.invalidateQueries({ queryKey: ["numbers", project_id] });
      toast(t("onboarding.connect.number.added"));
    },
  });
  const errorOf = (field: keyof OwnNumber): string | undefined => (add.error instanceof ApiProblem ? add.error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);
  return (
    <form className="grid gap-4" onSubmit={(event) => void handleSubmit((values) => add.mutate(values))(event)}>
      <Field label={t("onboarding.connect.number.number")} hint={t("onboarding.connect.number.numberHint")} error={errorOf("phone_number")}>{(props) => <Input required type="tel" maxLength={30} {...props} {...register("phone_number")} />}</Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("onboarding.connect.number.sid")} error={errorOf("account_sid")}>{(props) => <Input required placeholder="AC…" autoComplete="off" maxLength={64} {...props} {...register("account_sid")} />}</Field>
        <Field label={t("onboarding.connect.number.token")} hint={t("onboarding.connect.number.tokenHint")} error={errorOf("auth_token")}>{(props) => <Input required type="password" autoComplete="off" maxLength={200} {...props} {...register("auth_token")} />}</Field>
      </div>
      <div><Button type="submit" disabled={add.isPending}>{t("onboarding.connect.number.add")}</Button></div>
      {add.isError && <Problem error={add.error} />}
    </form>
  );
};

/** Where calls and texts to the number are to go. */
const WhereTo = () => {
  const { data } = useQuery(webhooksQuery(useProjectId()));
  const check = useCheck("phone_number");
  if (data === undefined) return null;
  return (
    <>
      <p className="text-sm">{t("onboarding.connect.number.paste")}</p>
      <CopyRow name={t("onboarding.connect.number.voice")} text={data.voice.incoming_url} />
      <CopyRow name={t("onboarding.connect.number.sms")} text={data.sms.incoming_url} />
      <CheckResult check={check} />
    </>
  );
};

export const PhoneNumber = () => {
  const { connection, callsFrom } = useConnection("phone_number");
  return (
    <ConnectionCard name="phone_number" title={t("onboarding.connect.number.title")}>
      <p className="max-w-prose text-sm">{t("onboarding.connect.number.do", { from: callsFrom })}</p>
      {connection?.state === "set_up" ? <WhereTo /> : <AddNumber />}
    </ConnectionCard>
  );
};
