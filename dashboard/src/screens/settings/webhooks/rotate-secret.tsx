import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ok } from "@/api/client";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { Secret } from "./secret.tsx";

export const RotateSecret = ({ id }: { id: string }) => {
  const [open, setOpen] = useState(false);
  const zone = useZone();
  // Unlike a list's row, the answer is kept nowhere once the window is closed.
  const rotate = useMutation({ mutationFn: async () => ok(api.POST("/api/webhook-endpoints/{id}/rotate-secret", { params: { path: { id } } })), gcTime: 0 });
  const close = (): void => {
    setOpen(false);
    rotate.reset();
  };
  const made = rotate.data;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>{t("settings.webhooks.rotate")}</Button>
      <Dialog open={open} onOpenChange={(next) => (next ? setOpen(true) : close())} title={t(made === undefined ? "settings.webhooks.rotate" : "settings.webhooks.once")} description={t(made === undefined ? "settings.webhooks.rotateWhy" : "settings.webhooks.onceWhy")}>
        {made === undefined ? (
          <div className="grid gap-4">
            {rotate.isError && <Problem error={rotate.error} />}
            <Button kind="main" disabled={rotate.isPending} onClick={() => rotate.mutate()}>{t("settings.webhooks.rotateNow")}</Button>
          </div>
        ) : (
          <Secret secret={made.secret ?? ""} note={t("settings.webhooks.oldUntil", { when: dateTimeOf(made.old_secret_signs_until, zone) })} onClose={close} />
        )}
      </Dialog>
    </>
  );
};
