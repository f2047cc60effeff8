import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, ApiProblem, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Problem } from "@/ui/problem";

const PATH = "/api/projects/{project_id}/secrets/webhook-signing";
const SCHEMES = { wpforms: "WPForms", standard_webhooks: "Standard Webhooks" } as const;
type Scheme = keyof typeof SCHEMES;

/** Whether the form's submissions must be signed, and by what. The secret goes in and never comes out. */
export const Signing = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const key = ["signing", project_id];
  const params = { path: { project_id } };
  const { data, error } = useQuery({ queryKey: key, queryFn: async () => ok(api.GET(PATH, { params })), retry: false });
  const isUnsigned = error instanceof ApiProblem && error.status === 404;
  const [scheme, setScheme] = useState<Scheme>("wpforms");
  const [secret, setSecret] = useState("");
  const settled = async (words: string): Promise<void> => {
    setSecret("");
    await cache.resetQueries({ queryKey: key });
    toast(words);
  };
  const put = useMutation({ mutationFn: async () => ok(api.PUT(PATH, { params, body: { scheme, secret } })), onSuccess: async () => settled(t("onboarding.connect.form.signing")) });
  const remove = useMutation({ mutationFn: async () => ok(api.DELETE(PATH, { params })), onSuccess: async () => settled(t("onboarding.connect.form.unsigned")), onError: (problem) => toast.error(problem.message) });
  if (error !== null && !isUnsigned) return <Problem error={error} />;
  if (data !== undefined) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-lg border px-4 py-3 text-sm">
        {t("onboarding.connect.form.signedBy", { scheme: SCHEMES[data.scheme] })}
        <Button size="small" disabled={remove.isPending} onClick={() => remove.mutate()}>{t("onboarding.connect.form.unsign")}</Button>
      </div>
    );
  }
  return (
    <details className="rounded-lg border">
      <summary className="cursor-pointer px-4 py-3 text-sm">{t("onboarding.connect.form.signed")} <span className="text-quiet">{t("onboarding.connect.form.none")}</span></summary>
      <form className="grid gap-4 p-4 pt-1" onSubmit={(event) => { event.preventDefault(); put.mutate(); }}>
        <p className="text-[13px] text-quiet">{t("onboarding.connect.form.signedWhy")}</p>
        <Field label={t("onboarding.connect.form.scheme")}>{(props) => <Select value={scheme} onChange={({ target }) => setScheme(target.value === "wpforms" ? "wpforms" : "standard_webhooks")} {...props}>{Object.entries(SCHEMES).map(([value, name]) => <option key={value} value={value}>{name}</option>)}</Select>}</Field>
        <Field label={t("onboarding.connect.form.secret")}>{(props) => <Input required type="password" autoComplete="off" maxLength={200} value={secret} onChange={({ target }) => setSecret(target.value)} {...props} />}</Field>
        <div><Button type="submit" disabled={put.isPending}>{t("do.save")}</Button></div>
        {put.isError && <Problem error={put.error} />}
      </form>
    </details>
  );
};
