import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, CircleAlert, Radio } from "lucide-react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { connectionsQuery } from "@/api/queries";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";
import { goLiveSchema, ownerOf, readingSchema } from "./setup.schemas.ts";
import { StepPanel } from "./step-panel.tsx";
import type { Setup } from "./use-setup.ts";

const usePutOnAir = () => {
  const project = useProjectId();
  const cache = useQueryClient();
  const say = async (live: boolean | null) =>
    ok(api.PATCH("/api/projects/{project_id}/dna/custom", { params: { path: { project_id: project } }, body: { modules: { lead_gen: { live } } }, headers: { "Content-Type": "application/json" }, parseAs: "text" }));
  return useMutation({
    mutationFn: async (live: boolean) => {
      // Off the air is the owner's word; back on it, the simulated call has to pass again.
      await say(live ? null : false);
      if (!live) return null;
      const run = await ok(api.POST("/api/run", { params: { header: { prefer: "wait=20" } }, body: { task: "onboarding", action: "simulate", project_id: project, params: {} } }));
      return "result" in run ? (goLiveSchema.safeParse(run.result).data ?? null) : null;
    },
    onSuccess: (_, live) => void toast(t(live ? "onboarding.live.went" : "onboarding.live.paused")),
    onSettled: async () => cache.invalidateQueries({ queryKey: ["dna", project] }),
  });
};

export const LiveStep = ({ setup: { run, dna } }: { setup: Setup }) => {
  const project = useProjectId();
  const { data: connections } = useQuery(connectionsQuery(project));
  const air = usePutOnAir();
  const { live } = dna.modules.lead_gen;
  const { business_name: name } = dna.identity;
  const checks = (air.data?.simulation ?? readingSchema.safeParse(run?.result).data?.simulation)?.checks ?? [];
  return (
    <StepPanel title={t(live ? "onboarding.live.title" : "onboarding.live.titleNot", { name })} why={live ? t("onboarding.live.why", { owner: ownerOf(dna) }) : t("onboarding.live.notWhy")}>
      <div className="grid gap-4 p-5">
        <div className="flex flex-wrap items-center gap-3">
          {live && <Button asChild kind="main"><Link to="/$project/now" params={{ project }}><Radio aria-hidden size={16} />{t("onboarding.live.open")}</Link></Button>}
          {live ? <Button disabled={air.isPending} onClick={() => air.mutate(false)}>{t("onboarding.live.pause")}</Button> : <Button kind="main" disabled={air.isPending} onClick={() => air.mutate(true)}>{t("onboarding.live.go")}</Button>}
        </div>
        {connections !== undefined && <p className="tabular text-sm text-quiet">{t("onboarding.live.from", { from: connections.calls_from })}</p>}
        {air.isError && <Problem error={air.error} />}
        {checks.length > 0 && (
          <details open={!live} className="text-sm">
            <summary className="cursor-pointer font-medium">{t("onboarding.live.checks")}</summary>
            <ul className="mt-3 grid gap-2">
              {checks.map(({ what, passed, detail }) => (
                <li key={what} className="grid grid-cols-[auto_1fr] gap-2">
                  <span className={cn("mt-0.5", passed ? "text-good" : "text-bad")}>{passed ? <Check aria-hidden size={15} /> : <CircleAlert aria-hidden size={15} />}<span className="sr-only">{t(passed ? "onboarding.live.passed" : "onboarding.live.notPassed")}</span></span>
                  <span className="min-w-0 break-words">{what} <span className="text-quiet">{detail}</span></span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </StepPanel>
  );
};
