import { useBlocker } from "@tanstack/react-router";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Asks before what is not saved is lost: to another screen, and out of the page. */
export const LeaveGuard = ({ isDirty }: { isDirty: boolean }) => {
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname, enableBeforeUnload: () => isDirty, withResolver: true });
  return (
    <Dialog open={status === "blocked"} onOpenChange={(open) => !open && reset?.()} title={t("dna.leave.title")} description={t("dna.leave.why")}>
      <div className="flex justify-end gap-2">
        <Button onClick={reset}>{t("dna.leave.stay")}</Button>
        <Button kind="danger" onClick={proceed}>{t("dna.leave.go")}</Button>
      </div>
    </Dialog>
  );
};
