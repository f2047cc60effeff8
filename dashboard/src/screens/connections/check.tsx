import { useMutation } from "@tanstack/react-query";
import { Check, CircleAlert } from "lucide-react";
import { api, ok } from "@/api/client";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Problem } from "@/ui/problem";

/** Has the API ask the vendor now. */
export const useCheck = (connection: "phone_number" | "wordpress") => {
  const project_id = useProjectId();
  return useMutation({ mutationFn: async () => ok(api.POST("/api/projects/{project_id}/connections/{connection}/check", { params: { path: { project_id, connection } } })) });
};

export const CheckResult = ({ check }: { check: ReturnType<typeof useCheck> }) => (
  <div className="grid gap-3">
    <div><Button disabled={check.isPending} onClick={() => check.mutate()}>{t("onboarding.connect.check")}</Button></div>
    {check.isError && <Problem error={check.error} />}
    {check.data !== undefined && (
      <div role="status" className="grid gap-2 text-sm">
        <p className={cn("font-medium", check.data.ok ? "text-good" : "text-warn")}>{t(check.data.ok ? "onboarding.connect.ok" : "onboarding.connect.notOk")}</p>
        <ul className="grid gap-1.5">
          {check.data.findings.map(({ what, passed, detail }) => (
            <li key={what + detail} className="grid grid-cols-[auto_1fr] gap-2">
              <span className={cn("mt-0.5", passed ? "text-good" : "text-bad")}>{passed ? <Check aria-hidden size={15} /> : <CircleAlert aria-hidden size={15} />}<span className="sr-only">{t(passed ? "onboarding.live.passed" : "onboarding.live.notPassed")}</span></span>
              <span className="min-w-0 break-words">{what} <span className="text-quiet">{detail}</span></span>
            </li>
          ))}
        </ul>
      </div>
    )}
  </div>
);
