import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Pause, Play, RotateCcw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import type { PageStatus, Pipeline } from "@/api/page-queries";
import { cn } from "@/lib/cn";
import { numberOf } from "@/lib/format";
import { usdOf } from "@/lib/money";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { runTask } from "./run-task.ts";
import { StartDialog } from "./start-dialog.tsx";
import { STATUSES } from "./status.tsx";

const PHASES = ["scout", "plan", "pages", "link", "illustrate", "publish", "measure"] as const satisfies readonly NonNullable<Pipeline["phase"]>[];
const TONES: Readonly<Record<Pipeline["state"], Tone>> = { none: "plain", running: "accent", paused: "warn", over: "good", stopped: "bad" };

/** The phases as a path; what is behind, where it is, what comes. */
const Phases = ({ pipeline }: { pipeline: Pipeline }) => {
  const at = pipeline.phase === "done" || pipeline.state === "over" ? PHASES.length : PHASES.findIndex((phase) => phase === pipeline.phase);
  return (
    <ol className="flex gap-1 overflow-x-auto" tabIndex={0} aria-label={t("pages.stages")}>
      {PHASES.map((phase, n) => (
        <li key={phase} aria-current={n === at ? "step" : undefined} className="grid min-w-24 flex-1 gap-1.5">
          <span aria-hidden className={cn("h-1 rounded-full bg-raised", n < at && "bg-accent", n === at && "bg-accent motion-safe:animate-pulse")} />
          <span className={cn("flex items-center gap-1 text-xs text-quiet", n === at && "font-medium text-text")}>{n < at && <Check aria-hidden size={12} />}{t(`pages.phase.${phase}`)}</span>
        </li>
      ))}
    </ol>
  );
};

const useCommand = (project: string) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ pipeline, verb }: { pipeline: Pipeline; verb: "pause" | "resume" | "retry" }) => {
      if (verb !== "retry") await runTask({ task: "manager", action: verb, project_id: project });
      else if (pipeline.run_id !== null) await ok(api.POST("/api/runs/{id}/retry", { params: { path: { id: pipeline.run_id } } }));
    },
    onSuccess: async (_, { verb }) => {
      toast(t(verb === "pause" ? "pages.paused" : "pages.resumed"));
      await queryClient.invalidateQueries({ queryKey: ["entities", "list", project] });
    },
    onError: (error) => toast.error(error.message),
  });
};

const Commands = ({ pipeline }: { pipeline: Pipeline }) => {
  const command = useCommand(useProjectId());
  const [starting, setStarting] = useState(false);
  const { state } = pipeline;
  const button = (verb: "pause" | "resume" | "retry", Icon: typeof Pause) => <Button key={verb} kind={verb === "pause" ? "plain" : "main"} disabled={command.isPending} onClick={() => command.mutate({ pipeline, verb })}><Icon size={16} />{t(`pages.${verb}`)}</Button>;
  return (
    <div className="flex flex-wrap gap-2">
      {state === "running" && button("pause", Pause)}
      {state === "paused" && button("resume", Play)}
      {state === "stopped" && pipeline.run_id !== null && button("retry", RotateCcw)}
      {(state === "none" || state === "over" || state === "stopped") && <Button kind={state === "stopped" ? "plain" : "main"} onClick={() => setStarting(true)}><Play size={16} />{t("pages.start")}</Button>}
      {starting && <StartDialog pipeline={pipeline} open onOpenChange={setStarting} />}
    </div>
  );
};

const Facts = ({ pipeline: { total, taken, active, cost_micros, spent } }: { pipeline: Pipeline }) => {
  const facts = [
    ...(total === null ? [] : [t("pages.of", { done: Math.max(0, taken - active), total })]),
    ...(active === 0 ? [] : [t("pages.active", { count: active })]),
    ...(cost_micros === 0 ? [] : [t("pages.cost", { usd: usdOf(cost_micros) })]),
    ...(spent ? [t("pages.moneySpent")] : []),
  ];
  return facts.length === 0 ? null : <p className="tabular text-[13px] text-quiet">{facts.join(" · ")}</p>;
};

/** Where the pipeline is, what to do about it, and how many pages stand at each stage; a stage narrows the list. */
export const PipelinePanel = ({ pipeline, status, onStatus }: { pipeline: Pipeline; status: PageStatus | undefined; onStatus: (status: PageStatus | undefined) => void }) => {
  const project = useProjectId();
  return (
    <Panel>
      <div className="grid gap-4 p-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Badge tone={TONES[pipeline.state]} data-testid="pipeline-state">{t(`pages.state.${pipeline.state}`)}</Badge>
            <Facts pipeline={pipeline} />
            {pipeline.run_id !== null && <Link to="/$project/runs/$run" params={{ project, run: pipeline.run_id }} className="text-[13px] text-accent underline underline-offset-4">{t("pages.openRun")}</Link>}
          </div>
          <Commands pipeline={pipeline} />
        </div>
        {pipeline.state !== "none" && <Phases pipeline={pipeline} />}
        {pipeline.error !== null && <p role="alert" className="rounded-lg bg-bad-soft p-3 text-sm text-bad">{pipeline.error.message}</p>}
        <div role="group" aria-label={t("pages.stages")} className="grid grid-cols-2 gap-2 sm:grid-cols-4 xl:grid-cols-8">
          {STATUSES.map((one) => (
            <button key={one} type="button" aria-pressed={status === one} onClick={() => onStatus(status === one ? undefined : one)} className="rounded-lg border px-3 py-2 text-left hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft">
              <span className={cn("tabular block text-xl font-semibold", one === "needs_person" && (pipeline.pages[one] ?? 0) > 0 && "text-bad")}>{numberOf(pipeline.pages[one] ?? 0)}</span>
              <span className={cn("block text-xs text-quiet", status === one && "text-text")}>{t(`pages.status.${one}`)}</span>
            </button>
          ))}
        </div>
      </div>
    </Panel>
  );
};
