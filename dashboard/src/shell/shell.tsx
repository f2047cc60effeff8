import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { LogOut, Menu, Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLive, useLiveState } from "@/api/live";
import { projectQuery, projectsQuery } from "@/api/queries";
import { endSession } from "@/api/session";
import { cn } from "@/lib/cn";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { ON_A_PHONE, SCREENS } from "./navigation.ts";
import { SignedIn } from "./signed-in.tsx";
import { ThemeButton } from "./theme.tsx";
import { usePalette } from "./use-palette.tsx";

const MoreScreens = lazy(async () => import("./more-screens.tsx").then((module) => ({ default: module.MoreScreens })));

const DOT = { live: "bg-good", polling: "bg-warn", connecting: "bg-quiet animate-pulse" };

const LiveDot = () => {
  const state = useLiveState();
  return (
    <span role="status" className="flex items-center gap-2 text-xs text-quiet">
      <span aria-hidden className={cn("size-2 rounded-full", DOT[state])} />
      <span className="max-sm:sr-only">{t(`live.${state}`)}</span>
    </span>
  );
};

/** No project can be called this. */
const ADD = "+";

const ProjectChoice = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { data } = useQuery(projectsQuery);
  return (
    <select aria-label={t("nav.project")} value={project} onChange={({ target }) => void (target.value === ADD ? navigate({ to: "/new" }) : navigate({ to: "/$project/now", params: { project: target.value } }))} className="min-h-9 max-w-[40vw] min-w-0 truncate rounded-lg border bg-surface px-2 text-sm font-medium sm:max-w-60">
      {(data?.items ?? [{ project_id: project, name: project }]).map(({ project_id, name }) => <option key={project_id} value={project_id}>{name}</option>)}
      <option value={ADD}>+ {t("project.add")}</option>
    </select>
  );
};

const Links = ({ screens, className }: { screens: readonly (typeof SCREENS)[number][]; className: string }) => {
  const project = useProjectId();
  return screens.map(({ to, icon: Icon, name }) => (
    <Link key={to} to={to} params={{ project }} className={className} activeProps={{ className: "bg-accent-soft text-text", "aria-current": "page" }}>
      <Icon aria-hidden size={18} />
      {t(name)}
    </Link>
  ));
};

const THUMB = "grid min-w-16 justify-items-center gap-0.5 rounded-lg px-2 py-1.5 text-[11px] text-quiet";

/** On a phone: what is looked at most, and the way to the rest. */
const ThumbBar = () => {
  const [more, setMore] = useState<boolean>();
  return (
    <nav aria-label={t("nav.label")} className="fixed inset-x-0 bottom-0 z-30 flex justify-around gap-1 border-t bg-surface p-1 md:hidden">
      <Links screens={SCREENS.slice(0, ON_A_PHONE)} className={THUMB} />
      <button type="button" className={THUMB} aria-haspopup="dialog" onClick={() => setMore(true)}>
        <Menu aria-hidden size={18} />
        {t("nav.menu")}
      </button>
      {more !== undefined && <Suspense><MoreScreens open={more} onOpenChange={setMore} /></Suspense>}
    </nav>
  );
};

const Frame = () => {
  const project = useProjectId();
  useLive(project);
  const { open, palette } = usePalette();
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr] md:grid-cols-[13rem_1fr]">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded-lg focus:bg-surface focus:p-2">{t("nav.skip")}</a>
      <header className="sticky top-0 z-30 flex items-center justify-between gap-2 border-b bg-surface px-3 py-2 md:col-span-2">
        <div className="flex min-w-0 items-center gap-3">
          <Link to="/" aria-label="Apex" className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent text-sm font-bold text-accent-text">A</Link>
          <ProjectChoice />
          <LiveDot />
        </div>
        <div className="flex items-center gap-1">
          <Button kind="quiet" size="icon" aria-label={t("nav.palette")} title={t("nav.palette")} onClick={open}><Search size={17} /></Button>
          <ThemeButton />
          <Button kind="quiet" size="icon" aria-label={t("do.signOut")} title={t("do.signOut")} onClick={() => void endSession()}><LogOut size={17} /></Button>
        </div>
      </header>
      <nav aria-label={t("nav.label")} className="sticky top-[3.3rem] hidden h-[calc(100dvh-3.3rem)] content-start gap-1 overflow-y-auto border-r bg-surface p-3 md:grid">
        <Links screens={SCREENS} className="flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm text-quiet hover:bg-raised hover:text-text" />
      </nav>
      <main id="content" tabIndex={-1} className="min-w-0 p-3 pb-24 outline-none sm:p-5 md:pb-8">
        <Suspense fallback={<SkeletonRows />}><Outlet /></Suspense>
      </main>
      <ThumbBar />
      {palette}
    </div>
  );
};

/** Of a project that is not there, or not theirs, there is nothing to show a frame around. */
const Project = () => {
  const { data, error, refetch } = useQuery(projectQuery(useProjectId()));
  if (error !== null) {
    return (
      <main className="mx-auto max-w-xl py-10">
        <Problem error={error} retry={() => void refetch()} />
        <div className="px-4"><Button asChild><Link to="/">{t("problem.home")}</Link></Button></div>
      </main>
    );
  }
  return data === undefined ? <SkeletonRows /> : <Frame />;
};

/** The frame around every screen of a project. */
export const Shell = () => (
  <SignedIn>
    <Project />
  </SignedIn>
);
