import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { toast } from "sonner";
import { z } from "zod";
import { api, fetchFile, ok } from "@/api/client";
import { meQuery, runQuery } from "@/api/queries";
import { endSession } from "@/api/session";
import { saveFile } from "@/lib/save-file";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { TypedConfirmation } from "@/ui/typed-confirmation";
import { AdminOnly } from "./admin-only.tsx";

const LOOK_MS = 2_000;
const KEY = ["runs", "list", null, "privacy"];
const paramsSchema = z.object({ params: z.object({ export_id: z.string() }) });

/** The archive that was asked for last, by the run that makes it: another browser finds it too. */
const useLastExport = () => {
  const { data } = useInfiniteQuery({ queryKey: KEY, queryFn: async () => ok(api.GET("/api/runs", { params: { query: { task: "privacy", limit: 50 } } })), initialPageParam: null, getNextPageParam: () => null });
  const id = data?.pages[0]?.items.find(({ action }) => action === "export")?.id;
  const { data: run } = useQuery({ ...runQuery(id ?? ""), enabled: id !== undefined, refetchInterval: ({ state }) => (state.data?.status === "queued" || state.data?.status === "running" ? LOOK_MS : false) });
  return { run, exportId: paramsSchema.safeParse(run).data?.params.export_id };
};

const Export = () => {
  const cache = useQueryClient();
  const { run, exportId } = useLastExport();
  const start = useMutation({ mutationFn: async () => ok(api.POST("/api/export")), onSuccess: async () => cache.invalidateQueries({ queryKey: KEY }) });
  const download = useMutation({ mutationFn: async (id: string) => saveFile(await fetchFile(`/api/export/${id}`), `apex-${id}.tar`) });
  const isMaking = run?.status === "queued" || run?.status === "running";
  return (
    <Panel title={t("settings.danger.export")}>
      <div className="grid gap-3 p-5 text-sm">
        <p className="text-quiet">{t("settings.danger.exportWhy")}</p>
        <div className="flex flex-wrap gap-2">
          <Button disabled={start.isPending || isMaking} onClick={() => start.mutate()}>{t("settings.danger.start")}</Button>
          {run?.status === "succeeded" && exportId !== undefined && <Button kind="main" disabled={download.isPending} onClick={() => download.mutate(exportId)}><Download aria-hidden size={16} />{t("settings.danger.download")}</Button>}
        </div>
        {isMaking && <p role="status">{t("settings.danger.making")}</p>}
        {(run?.status === "failed" || run?.status === "dead") && <p role="alert" className="text-bad">{t("settings.danger.failedExport", { message: run.error?.message ?? "" })}</p>}
        {start.isError && <Problem error={start.error} />}
        {download.isError && <Problem error={download.error} />}
      </div>
    </Panel>
  );
};

const DeleteAccount = () => {
  const { data: me } = useQuery(meQuery);
  const name = me?.tenant_name ?? "";
  const remove = useMutation({
    mutationFn: async () => ok(api.DELETE("/api/tenant", { body: { name } })),
    onSuccess: async () => {
      toast(t("settings.danger.deleted"));
      await endSession();
    },
  });
  if (me === undefined) return null;
  return (
    <Panel title={t("settings.danger.delete")} className="border-bad/40">
      <div className="grid gap-3 p-5 text-sm">
        {me.role === "owner" && name !== "" ? (
          <div><TypedConfirmation name={t("settings.danger.delete")} title={t("settings.danger.delete")} description={t("settings.danger.deleteWhy", { name })} word={name} pending={remove.isPending} onConfirm={() => remove.mutate()} /></div>
        ) : <p className="text-quiet">{t("settings.danger.ownerOnly")}</p>}
        {remove.isError && <Problem error={remove.error} />}
      </div>
    </Panel>
  );
};

export const DangerSection = () => (
  <AdminOnly>
    <Export />
    <DeleteAccount />
  </AdminOnly>
);
