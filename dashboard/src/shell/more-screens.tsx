import { Link } from "@tanstack/react-router";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Dialog } from "@/ui/dialog";
import { SCREENS } from "./navigation.ts";

/** Every screen, on a phone, where they do not fit beneath each other's thumb. */
export const MoreScreens = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const project = useProjectId();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("nav.menu")}>
      <nav aria-label={t("nav.menu")} className="grid grid-cols-2 gap-2">
        {SCREENS.map(({ to, icon: Icon, name }) => (
          <Link key={to} to={to} params={{ project }} onClick={() => onOpenChange(false)} className="flex min-h-12 items-center gap-3 rounded-lg border px-3 text-sm" activeProps={{ className: "bg-accent-soft", "aria-current": "page" }}>
            <Icon aria-hidden size={18} />
            {t(name)}
          </Link>
        ))}
      </nav>
    </Dialog>
  );
};
