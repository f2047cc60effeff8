import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pause, Play, Send, Square } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import type { CampaignWithResults } from "./campaigns.queries.ts";

const SAID = { start: "reactivate.started", pause: "reactivate.paused", resume: "reactivate.resumed", stop: "reactivate.stopped" } as const;
type Command = keyof typeof SAID;

const useCommand = (id: string, onDone: () => void) => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (command: Command) => ok(api.POST(`/api/campaigns/{id}/${command}`, { params: { path: { id } } })),
    onSuccess: (campaign, command) => {
      toast(t(SAID[command]));
      queryClient.setQueryData(["campaigns", project, "one", id], (known: CampaignWithResults | undefined) => known && { ...known, ...campaign });
      onDone();
    },
    // Somebody else, or the campaign itself, may have been first: what it is now is to be seen.
    onSettled: async () => queryClient.invalidateQueries({ queryKey: ["campaigns", project] }),
  });
};

export const CampaignActions = ({ campaign: { id, status, settings, results } }: { campaign: CampaignWithResults }) => {
  const [asked, setAsked] = useState<"start" | "stop" | null>(null);
  const command = useCommand(id, () => setAsked(null));
  const ask = (what: "start" | "stop"): void => { command.reset(); setAsked(what); };
  const isOver = status === "stopped" || status === "completed";
  return (
    <div className="flex flex-wrap gap-2">
      {status === "preview" && <Button kind="main" disabled={results.planned === 0} onClick={() => ask("start")}><Send size={15} />{t("reactivate.start")}</Button>}
      {status === "running" && <Button disabled={command.isPending} onClick={() => command.mutate("pause")}><Pause size={15} />{t("reactivate.pause")}</Button>}
      {status === "paused" && <Button kind="main" disabled={command.isPending} onClick={() => command.mutate("resume")}><Play size={15} />{t("reactivate.resume")}</Button>}
      {!isOver && <Button kind="danger" onClick={() => ask("stop")}><Square size={15} />{t(status === "running" || status === "paused" ? "reactivate.stop" : "reactivate.discard")}</Button>}
      {asked === null && command.error !== null && <div className="basis-full"><Problem error={command.error} /></div>}
      <Dialog open={asked === "start"} onOpenChange={(open) => setAsked(open ? "start" : null)} title={t("reactivate.startTitle")} description={t("reactivate.startWhy", { people: results.planned, minute: settings.per_minute, day: settings.daily_limit, cost: results.cost_usd.toFixed(2) })}>
        {command.error !== null && <Problem error={command.error} />}
        <Button kind="main" className="w-full" disabled={command.isPending} onClick={() => command.mutate("start")}>{t("reactivate.startNow", { people: results.planned })}</Button>
      </Dialog>
      <Dialog open={asked === "stop"} onOpenChange={(open) => setAsked(open ? "stop" : null)} title={t("reactivate.stopTitle")} description={t("reactivate.stopWhy")}>
        {command.error !== null && <Problem error={command.error} />}
        <Button kind="danger" className="w-full" disabled={command.isPending} onClick={() => command.mutate("stop")}>{t("reactivate.stopNow")}</Button>
      </Dialog>
    </div>
  );
};
