import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { projectsQuery } from "@/api/queries";
import { t } from "@/lib/words";
import "@/lib/words/onboarding";
import { SignedIn } from "@/shell/signed-in";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { BusinessForm } from "./business-form.tsx";
import { likelyCountry } from "./countries.ts";
import { newTag, projectIdFrom } from "./project-id.ts";
import { type Business, startOnboarding, untilRegistered } from "./start-onboarding.ts";

const Start = () => {
  const { name = "", niche = "", country, phone = "", website = "", customer } = useSearch({ from: "/new" });
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [tag] = useState(newTag);
  const { data: projects } = useQuery(projectsQuery);
  const start = useMutation({
    mutationFn: async (business: Business) => {
      const project = projectIdFrom(business.business_name, tag);
      await untilRegistered(cache, project, await startOnboarding(project, business));
      return project;
    },
    onSuccess: async (project) => navigate({ to: "/$project/setup", params: { project }, search: customer === undefined ? {} : { customer } }),
  });
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-xl content-center gap-5 p-4">
      <header className="grid gap-2 text-center">
        <Link to="/" aria-label="Apex" className="mx-auto grid size-11 place-items-center rounded-xl bg-accent text-lg font-bold text-accent-text">A</Link>
        <h1 className="text-xl font-semibold">{t("onboarding.new.title")}</h1>
        <p className="text-sm text-quiet">{t("onboarding.new.why")}</p>
      </header>
      {website !== "" && <p className="rounded-lg border bg-accent-soft px-4 py-3 text-sm">{t("onboarding.new.example")}</p>}
      <Panel><BusinessForm initial={{ business_name: name, niche, country: country ?? likelyCountry(), phone, website }} pending={start.isPending} error={start.error} onSubmit={(business) => start.mutate(business)} /></Panel>
      {projects?.items[0] !== undefined && <Button asChild kind="quiet"><Link to="/">{t("do.cancel")}</Link></Button>}
    </main>
  );
};

/** A business from its name and website. A link may bring what it is filled in with; a person sends it. */
export const New = () => <SignedIn><Start /></SignedIn>;
