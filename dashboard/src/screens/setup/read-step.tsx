import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, LoaderCircle } from "lucide-react";
import { api, ok } from "@/api/client";
import { projectQuery, type Run } from "@/api/queries";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { BusinessForm } from "../new/business-form.tsx";
import { type Business, startOnboarding } from "../new/start-onboarding.ts";
import { Rescan } from "./rescan.tsx";
import { readingSchema } from "./setup.schemas.ts";
import { StepPanel } from "./step-panel.tsx";
import type { Setup } from "./use-setup.ts";

/** What the run does, in its order. */
const STAGES = ["register", "read", "write", "save", "simulate", "store"] as const;
/** Its `done` is the stage that it begins; while pages are read it says one more. */
const stageAt = (done: number): number => (done === 2 ? 1 : done);

const Watching = ({ run }: { run: Run }) => {
  const now = stageAt(run.progress.done);
  return (
    <div className="grid gap-4 p-5">
      <ol className="grid gap-3">
        {STAGES.map((stage, index) => {
          const isDone = index < now;
          const isNow = index === now;
          return (
            <li key={stage} aria-current={isNow ? "step" : undefined} className={cn("flex items-center gap-3 text-sm", isNow ? "font-medium" : isDone ? "" : "text-quiet")}>
              <span aria-hidden className={cn("grid size-5 place-items-center rounded-full border", isDone && "border-good bg-good-soft text-good", isNow && "border-accent text-accent")}>
                {isDone ? <Check size={12} /> : isNow ? <LoaderCircle size={12} className="animate-spin" /> : null}
              </span>
              {t(`onboarding.read.steps.${stage}`)}
            </li>
          );
        })}
      </ol>
      <p role="status" data-testid="reading" className="min-h-10 rounded-lg bg-raised px-3 py-2.5 text-sm break-words text-quiet">{run.progress.label === "" ? t("onboarding.read.queued") : run.progress.label}</p>
    </div>
  );
};

const Pages = ({ run }: { run: Run }) => {
  const reading = readingSchema.safeParse(run.result).data;
  if (reading === undefined) return null;
  const item = "min-w-0 truncate";
  return (
    <div className="grid gap-5 p-5 text-sm">
      <section className="grid gap-2">
        <h3 className="font-medium">{t("onboarding.read.pages")}</h3>
        {reading.pages.length === 0 && <p className="text-quiet">{t("onboarding.read.noPages")}</p>}
        <ul className="grid gap-1.5">{reading.pages.map(({ url, title }) => <li key={url} className={item}><a href={url} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-4">{title === "" ? url : title}</a> <span className="text-quiet">{url}</span></li>)}</ul>
        {reading.dropped > 0 && <p className="text-quiet">{t("onboarding.read.dropped", { count: reading.dropped })}</p>}
      </section>
      {reading.problems.length > 0 && (
        <section className="grid gap-2">
          <h3 className="font-medium">{t("onboarding.read.problems")}</h3>
          <ul className="grid gap-1.5">{reading.problems.map(({ url, problem }) => <li key={url} className={item}><span className="text-warn">{problem.replaceAll("_", " ")}</span> <span className="text-quiet">{url}</span></li>)}</ul>
        </section>
      )}
    </div>
  );
};

/** A project that was made by hand, or whose reading was never begun. */
const Begin = ({ setup }: { setup: Setup }) => {
  const project = useProjectId();
  const cache = useQueryClient();
  const { data } = useQuery(projectQuery(project));
  const start = useMutation({ mutationFn: async (business: Business) => startOnboarding(project, business), onSuccess: async () => cache.invalidateQueries({ queryKey: ["runs", "list", project] }) });
  if (data === undefined) return null;
  return <Panel><BusinessForm initial={{ business_name: data.name, niche: setup.dna.identity.niche, country: data.country, phone: "", website: setup.dna.identity.website ?? "" }} pending={start.isPending || start.isSuccess} error={start.error} onSubmit={(business) => start.mutate(business)} /></Panel>;
};

const Failed = ({ run }: { run: Run }) => {
  const cache = useQueryClient();
  const retry = useMutation({ mutationFn: async () => ok(api.POST("/api/runs/{id}/retry", { params: { path: { id: run.id } } })), onSuccess: async () => cache.invalidateQueries({ queryKey: ["runs"] }) });
  return (
    <div className="grid gap-3 p-5">
      <p className="text-sm text-bad">{run.error?.message} <code className="text-xs text-quiet">{run.error?.code}</code></p>
      <div><Button kind="main" disabled={retry.isPending} onClick={() => retry.mutate()}>{t("onboarding.read.retry")}</Button></div>
      {retry.isError && <Problem error={retry.error} />}
    </div>
  );
};

export const ReadStep = ({ setup }: { setup: Setup }) => {
  const { run, dna, states } = setup;
  if (run === null) return <Begin setup={setup} />;
  const { website } = dna.identity;
  const title = states.read === "failed" ? t("onboarding.read.failedTitle") : website === undefined ? t("onboarding.read.titleWithout", { name: dna.identity.business_name }) : t("onboarding.read.title", { website });
  return (
    <StepPanel title={title} {...(states.read === "doing" ? { why: t("onboarding.read.why") } : {})} {...(states.read === "done" ? { next: "review" as const } : {})}>
      {states.read === "doing" && <Watching run={run} />}
      {states.read === "failed" && <Failed run={run} />}
      {states.read === "done" && <><Pages run={run} />{website !== undefined && <Rescan />}</>}
    </StepPanel>
  );
};
