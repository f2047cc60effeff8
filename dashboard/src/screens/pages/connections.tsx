import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Globe } from "lucide-react";
import { z } from "zod";
import type { Pipeline } from "@/api/page-queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Panel } from "@/ui/panel";
import { runTask } from "./run-task.ts";

/** What `publish`/`check` answers, by target. */
const checkedSchema = z.object({
  targets: z.record(z.string(), z.object({ ready: z.boolean(), problems: z.array(z.object({ message: z.string() })), hints: z.array(z.string()) })),
});
type Checked = z.infer<typeof checkedSchema>["targets"][string];

const Finding = ({ checked }: { checked: Checked }) => (
  <ul className="mt-1 grid gap-1 text-[13px]">
    {checked.ready && <li className="flex items-center gap-1.5 text-good"><CircleCheck aria-hidden size={14} />{t("pages.ready")}</li>}
    {checked.problems.map(({ message }) => <li key={message} className="flex items-start gap-1.5 text-bad"><CircleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />{message}</li>)}
    {checked.hints.map((hint) => <li key={hint} className="text-quiet">{hint}</li>)}
  </ul>
);

/** Where pages go, whether that is connected, and whether it answers. */
export const Connections = ({ publishing }: { publishing: Pipeline["publishing"] }) => {
  const project = useProjectId();
  const check = useMutation({ mutationFn: async () => checkedSchema.parse((await runTask({ task: "publish", action: "check", project_id: project }))?.result ?? { targets: {} }).targets });
  if (publishing.target === "none") return <Panel title={t("pages.connections")}><Empty icon={<Globe size={20} />} title={t("pages.nowhere")}>{t("pages.nowhereWhy")}</Empty></Panel>;
  return (
    <Panel title={t("pages.connections")} action={<Button size="small" disabled={check.isPending} onClick={() => check.mutate()}>{t(check.isPending ? "pages.checking" : "pages.check")}</Button>}>
      <ul className="divide-y">
        {publishing.connections.map(({ target, connected, address }) => (
          <li key={target} className="px-4 py-3 text-sm">
            <div className="flex flex-wrap items-center justify-between gap-2"><span className="font-medium">{t(`pages.target.${target}`)}</span><Badge tone={connected ? "good" : "bad"}>{t(connected ? "pages.connected" : "pages.notConnected")}</Badge></div>
            {address !== null ? <p className="break-all text-[13px] text-quiet">{address}</p> : connected && <p className="text-[13px] text-quiet">{t("pages.firstName")}</p>}
            {check.data?.[target] !== undefined && <Finding checked={check.data[target]} />}
          </li>
        ))}
        <li className="flex flex-wrap items-center justify-between gap-2 px-4 py-3 text-sm"><span>{t("pages.searchConsole")}</span><Badge tone={publishing.search_console ? "good" : "plain"}>{t(publishing.search_console ? "pages.connected" : "pages.notConnected")}</Badge></li>
        <li className="px-4 py-3 text-[13px] text-quiet">{[publishing.per_day === 0 ? t("pages.perDayAll") : t("pages.perDay", { count: publishing.per_day }), ...(publishing.status === "draft" ? [t("pages.asDraft")] : [])].join(" · ")}</li>
      </ul>
      {check.isError && <p role="alert" className="border-t px-4 py-3 text-[13px] text-bad">{check.error.message}</p>}
    </Panel>
  );
};
