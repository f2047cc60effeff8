import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import type { Step } from "./steps.ts";

/** One step: what it is for, what it holds, and the way on. */
export const StepPanel = ({ title, why, next, nextName = t("onboarding.next"), isMain = true, children }: { title: string; why?: string; next?: Step; nextName?: string; isMain?: boolean; children: ReactNode }) => {
  const project = useProjectId();
  return (
    <Panel className="min-w-0">
      <header className="grid gap-1 border-b p-5">
        <h2 className="text-base font-semibold">{title}</h2>
        {why !== undefined && <p className="max-w-prose text-sm text-quiet">{why}</p>}
      </header>
      {children}
      {next !== undefined && (
        <footer className="flex justify-end border-t p-4">
          <Button asChild kind={isMain ? "main" : "plain"}><Link to="/$project/setup" params={{ project }} search={(known) => ({ ...known, step: next })}>{nextName}<ArrowRight aria-hidden size={16} /></Link></Button>
        </footer>
      )}
    </Panel>
  );
};
