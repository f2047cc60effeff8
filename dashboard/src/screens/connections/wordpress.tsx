import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { api, ApiProblem, ok } from "@/api/client";
import { connectionsQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { ConnectionCard, useConnection } from "./card.tsx";
import { CheckResult, useCheck } from "./check.tsx";

interface Login {
  url: string;
  username: string;
  application_password: string;
}

/** The site that pages are published to. The password goes in and never comes out. */
export const WordPress = () => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const { connection } = useConnection("wordpress");
  const { register, handleSubmit, resetField } = useForm<Login>();
  const check = useCheck("wordpress");
  const save = useMutation({
    mutationFn: async (body: Login) => ok(api.PUT("/api/projects/{project_id}/secrets/wordpress", { params: { path: { project_id } }, body })),
    onSuccess: async () => {
      resetField("application_password");
      await cache.invalidateQueries({ queryKey: connectionsQuery(project_id).queryKey });
      check.mutate();
    },
  });
  const errorOf = (field: keyof Login): string | undefined => (save.error instanceof ApiProblem ? save.error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);
  return (
    <ConnectionCard name="wordpress" title={t("onboarding.connect.wordpress.title")}>
      <p className="max-w-prose text-sm">{t("onboarding.connect.wordpress.do")}</p>
      <form className="grid gap-4" onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}>
        <Field label={t("onboarding.connect.wordpress.url")} error={errorOf("url")}>{(props) => <Input required type="url" placeholder="https://" maxLength={2048} {...props} {...register("url")} />}</Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("onboarding.connect.wordpress.username")} error={errorOf("username")}>{(props) => <Input required autoComplete="off" maxLength={200} {...props} {...register("username")} />}</Field>
          <Field label={t("onboarding.connect.wordpress.password")} error={errorOf("application_password")}>{(props) => <Input required type="password" autoComplete="off" maxLength={500} {...props} {...register("application_password")} />}</Field>
        </div>
        <div><Button type="submit" disabled={save.isPending}>{t("onboarding.connect.wordpress.save")}</Button></div>
        {save.isError && <Problem error={save.error} />}
      </form>
      {connection?.state === "set_up" && <CheckResult check={check} />}
    </ConnectionCard>
  );
};
