import "@/lib/words/pages";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { pageQuery } from "@/api/page-queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Tabs } from "@/ui/tabs";
import { PageScore, PageStatusBadge } from "../pages/status.tsx";
import { About } from "./about.tsx";
import { PageActions } from "./actions.tsx";
import { Changes } from "./changes.tsx";
import { Preview } from "./preview.tsx";
import { Remarks } from "./remarks.tsx";
import { Sources } from "./sources.tsx";
import { PageText } from "./text.tsx";

/** One page: how it looks, what it says and why, and how that differs from what readers have. */
export const LocalPageScreen = () => {
  const { page: id } = useParams({ from: "/$project/pages/$page" });
  const project = useProjectId();
  const { data: page, error, refetch } = useQuery(pageQuery(project, id));
  const [tab, setTab] = useState("preview");
  const [source, setSource] = useState<string | null>(null);
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (page === undefined) return <SkeletonRows />;
  const toLine = (line: number): void => {
    setTab("text");
    // Once the text is on the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(`#line-${line}`)?.scrollIntoView({ block: "center" })));
  };
  const choose = (ref: string | null): void => {
    setSource(ref);
    if (ref !== null) setTab("text");
  };
  const tabs = [
    { value: "preview", title: t("pages.preview"), content: <Preview page={page} /> },
    { value: "text", title: t("pages.text"), content: <PageText page={page} source={source} /> },
    { value: "changes", title: t("pages.changes"), content: <Changes page={page} /> },
  ];
  return (
    <div className="grid gap-4">
      <header className="grid gap-3">
        <Link to="/$project/pages" params={{ project }} className="flex items-center gap-1.5 justify-self-start text-[13px] text-quiet hover:text-text"><ArrowLeft aria-hidden size={14} />{t("pages.title")}</Link>
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="flex min-w-0 flex-wrap items-center gap-3"><h1 className="text-lg font-semibold">{page.name}</h1><PageStatusBadge status={page.status} /><PageScore score={page.score} /></div>
          <PageActions page={page} />
        </div>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <Tabs label={t("pages.views_")} value={tab} onValueChange={setTab} tabs={tabs} />
        <div className="grid min-w-0 gap-4">
          <About page={page} />
          <Remarks page={page} onLine={toLine} />
          <Sources page={page} chosen={source} onChoose={choose} />
        </div>
      </div>
    </div>
  );
};
