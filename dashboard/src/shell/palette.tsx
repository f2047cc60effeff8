import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Plus } from "lucide-react";
import { useState } from "react";
import { projectsQuery } from "@/api/queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { SCREENS } from "./navigation.ts";

const row = "flex min-h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm aria-selected:bg-raised";

/** To any screen, to any business, or a search for a lead. */
export const Palette = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { data: projects } = useQuery({ ...projectsQuery, enabled: open });
  const [words, setWords] = useState("");

  const go = (work: () => Promise<void>): void => {
    onOpenChange(false);
    setWords("");
    void work();
  };
  return (
    <Command.Dialog open={open} onOpenChange={onOpenChange} label={t("nav.palette")} overlayClassName="fixed inset-0 z-40 bg-black/45" contentClassName="fixed top-[12dvh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-xl border bg-surface shadow-xl">
      <Command.Input value={words} onValueChange={setWords} placeholder={t("nav.palette")} className="w-full border-b bg-transparent px-4 py-3 text-sm outline-none placeholder:text-quiet" />
      <Command.List className="max-h-80 overflow-auto p-2">
        {SCREENS.map(({ to, icon: Icon, name }) => (
          <Command.Item key={to} value={t(name)} className={row} onSelect={() => go(async () => navigate({ to, params: { project } }))}><Icon size={16} />{t(name)}</Command.Item>
        ))}
        {projects?.items.map(({ project_id, name }) => (
          <Command.Item key={project_id} value={`${name} ${project_id}`} className={row} onSelect={() => go(async () => navigate({ to: "/$project/now", params: { project: project_id } }))}>{name}</Command.Item>
        ))}
        <Command.Item value={t("project.add")} className={row} onSelect={() => go(async () => navigate({ to: "/new" }))}><Plus size={16} />{t("project.add")}</Command.Item>
        {words.trim() !== "" && (
          <Command.Item forceMount value={`search ${words}`} className={row} onSelect={() => go(async () => navigate({ to: "/$project/leads", params: { project }, search: { q: words.trim() } }))}>{t("leads.search")}: “{words}”</Command.Item>
        )}
      </Command.List>
    </Command.Dialog>
  );
};
