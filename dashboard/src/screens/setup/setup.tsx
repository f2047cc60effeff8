import { Link, useSearch } from "@tanstack/react-router";
import { Check, CircleAlert, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import "@/lib/words/onboarding";
import "@/lib/words/settings";
import { SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { CallStep } from "./call-step.tsx";
import { ConnectStep } from "./connect-step.tsx";
import { LiveStep } from "./live-step.tsx";
import { ReadStep } from "./read-step.tsx";
import { ReviewStep } from "./review-step.tsx";
import { STEPS, type Step, type StepState } from "./steps.ts";
import { type Setup as SetupNow, useSetup } from "./use-setup.ts";

const VIEWS = { read: ReadStep, review: ReviewStep, connect: ConnectStep, call: CallStep, live: LiveStep } as const;

const Mark = ({ state, at }: { state: StepState; at: number }) => (
  <span aria-hidden className={cn("grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold", state === "done" && "border-good bg-good-soft text-good", state === "doing" && "border-accent text-accent", state === "failed" && "border-bad bg-bad-soft text-bad", state === "todo" && "bg-surface text-quiet")}>
    {state === "done" ? <Check size={14} /> : state === "failed" ? <CircleAlert size={14} /> : state === "doing" ? <LoaderCircle size={14} className="animate-spin" /> : at}
  </span>
);

const StepList = ({ states, shown }: { states: Record<Step, StepState>; shown: Step }) => {
  const project = useProjectId();
  return (
    <nav aria-label={t("onboarding.steps")}>
      <ol className="relative grid gap-1 max-lg:flex max-lg:overflow-x-auto max-lg:pb-1">
        {STEPS.map((step, at) => (
          <li key={step} className="shrink-0">
            <Link to="/$project/setup" params={{ project }} search={(known) => ({ ...known, step })} aria-current={step === shown ? "step" : undefined} className={cn("flex min-h-11 items-center gap-3 rounded-lg px-3 text-sm", step === shown ? "bg-accent-soft font-medium text-text" : "text-quiet hover:bg-raised hover:text-text")}>
              <Mark state={states[step]} at={at + 1} />
              <span className={cn(step !== shown && "max-sm:sr-only")}>{t(`onboarding.${step}.step`)}</span>
              <span className="sr-only">{t(`onboarding.${states[step]}`)}</span>
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
};

/** Reading goes over into what comes next by itself; after that nobody is moved on while they look at something. */
const useShown = (next: Step): Step => {
  const { step } = useSearch({ from: "/$project/setup" });
  const [began, setBegan] = useState(next);
  if (began === "read" && next !== "read") setBegan(next);
  return step ?? began;
};

const Steps = ({ setup }: { setup: SetupNow }) => {
  const shown = useShown(setup.next);
  const View = VIEWS[shown];
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <h1 className="text-lg font-semibold">{t("onboarding.title")} · {setup.dna.identity.business_name}</h1>
      <div className="grid items-start gap-4 lg:grid-cols-[15rem_1fr]">
        <StepList states={setup.states} shown={shown} />
        <View key={shown} setup={setup} />
      </div>
    </div>
  );
};

/** From a website to a phone that rings, one step after the other. Where it stands is what the API knows; the address says only which step is looked at. */
export const Setup = () => {
  const project = useProjectId();
  const { setup, error, retry } = useSetup(project);
  if (setup === null) return error === null ? <SkeletonRows /> : <Problem error={error} retry={retry} />;
  return <Steps key={project} setup={setup} />;
};
