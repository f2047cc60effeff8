import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useForm } from "react-hook-form";
import { api, ApiProblem, ok } from "@/api/client";
import { projectsQuery } from "@/api/queries";
import { SignedIn } from "@/shell/signed-in";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

interface NewProject {
  project_id: string;
  name: string;
  country: string;
}

const Create = () => {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { register, handleSubmit } = useForm<NewProject>({ defaultValues: { country: "NZ" } });
  const create = useMutation({
    mutationFn: async (project: NewProject) => ok(api.POST("/api/projects", { body: { ...project, country: project.country.toUpperCase() } })),
    onSuccess: async ({ project_id }) => {
      await queryClient.invalidateQueries({ queryKey: ["projects"] });
      await navigate({ to: "/$project/now", params: { project: project_id } });
    },
  });
  const errorOf = (field: keyof NewProject): string | undefined => (create.error instanceof ApiProblem ? create.error.fields.find(({ path }) => path.endsWith(field))?.message : undefined);
  return (
    <Panel className="w-full max-w-md">
      <Empty icon={<Building2 size={20} />} title={t("project.none")}>{t("project.noneWhy")}</Empty>
      <form className="grid gap-4 border-t p-5" onSubmit={(event) => void handleSubmit((values) => create.mutate(values))(event)}>
        <Field label={t("project.name")} error={errorOf("name")}>{(props) => <Input required maxLength={120} {...props} {...register("name")} />}</Field>
        <Field label={t("project.id")} hint={t("project.idHint")} error={errorOf("project_id")}>{(props) => <Input required maxLength={64} pattern="[a-zA-Z0-9_\-]+" {...props} {...register("project_id")} />}</Field>
        <Field label={t("project.country")} hint={t("project.countryHint")} error={errorOf("country")}>{(props) => <Input required maxLength={2} {...props} {...register("country")} />}</Field>
        <Button kind="main" type="submit" disabled={create.isPending}>{t("project.create")}</Button>
        {create.isError && <Problem error={create.error} />}
      </form>
    </Panel>
  );
};

const Projects = () => {
  const { data, error, refetch } = useQuery(projectsQuery);
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (data === undefined) return <SkeletonRows />;
  const [first] = data.items;
  return first === undefined ? <Create /> : <Navigate to="/$project/now" params={{ project: first.project_id }} replace />;
};

/** Where somebody lands: on their business, or where they add one. */
export const Home = () => (
  <SignedIn>
    <main className="grid min-h-dvh place-items-center p-4"><Projects /></main>
  </SignedIn>
);
