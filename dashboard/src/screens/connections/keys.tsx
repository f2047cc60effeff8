import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { webhooksQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { TypedConfirmation } from "@/ui/typed-confirmation";

/** A new key for a door. Whoever has the old one is refused at once, so it asks to be meant. */
export const RotateKey = ({ source }: { source: "google_ads" | "wordpress" }) => {
  const project_id = useProjectId();
  const cache = useQueryClient();
  const rotate = useMutation({
    mutationFn: async () => ok(api.POST("/api/projects/{project_id}/webhooks/rotate", { params: { path: { project_id } }, body: { source } })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: webhooksQuery(project_id).queryKey });
      toast(t("settings.webhooks.rotated"));
    },
    onError: (error) => toast.error(error.message),
  });
  const word = t("settings.webhooks.word");
  return <div><TypedConfirmation name={t("settings.webhooks.rotate")} title={t("settings.webhooks.rotateTitle")} description={t("settings.webhooks.rotateWhy", { word })} word={word} pending={rotate.isPending} onConfirm={() => rotate.mutate()} /></div>;
};
