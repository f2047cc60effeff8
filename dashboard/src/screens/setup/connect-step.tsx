import { t } from "@/lib/words";
import { Connections } from "../connections/connections.tsx";
import { StepPanel } from "./step-panel.tsx";
import type { Setup } from "./use-setup.ts";

export const ConnectStep = ({ setup: { states } }: { setup: Setup }) => (
  <StepPanel title={t("onboarding.connect.title")} why={t("onboarding.connect.why")} next="live" isMain={states.connect === "done"} nextName={t(states.connect === "done" ? "onboarding.next" : "onboarding.later")}>
    <Connections />
  </StepPanel>
);
