import "@/lib/words/pages";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { FileText, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { type PageFilter, pagesQuery, pipelineQuery } from "@/api/page-queries";
import { useProjectId } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Connections } from "./connections.tsx";
import { Doubtful } from "./doubtful.tsx";
import { PageRow } from "./page-row.tsx";
import { PipelinePanel } from "./pipeline-panel.tsx";

const TYPING_MS = 250;

/** The DNA says whether a business wants pages at all. */
const TurnOn = () => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  const turnOn = useMutation({
    mutationFn: async () => ok(api.PATCH("/api/projects/{project_id}/dna/custom", { params: { path: { project_id: project } }, body: { modules: { local_seo: { enabled: true } } }, parseAs: "text" })),
    onSuccess: async () => {
      toast(t("pages.turnedOn"));
      await queryClient.invalidateQueries({ queryKey: ["entities", "list", project] });
    },
    onError: (error) => toast.error(error.message),
  });
  return <Panel><Empty icon={<FileText size={20} />} title={t("pages.off")} action={<Button kind="main" disabled={turnOn.isPending} onClick={() => turnOn.mutate()}>{t("pages.turnOn")}</Button>}>{t("pages.offWhy")}</Empty></Panel>;
};

const useFilter = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const filter: PageFilter = useSearch({ from: "/$project/pages" });
  const set = (next: PageFilter): void => void navigate({ to: "/$project/pages", params: { project }, search: { ...(next.status === undefined ? {} : { status: next.status }), ...(next.q === undefined || next.q.trim() === "" ? {} : { q: next.q }) }, replace: true });
  return { filter, set };
};

const SearchBox = () => {
  const { filter, set } = useFilter();
  const { q = "" } = filter;
  const [words, setWords] = useState(q);
  const change = useRef(set);
  change.current = set;
  useEffect(() => setWords(q), [q]);
  useEffect(() => {
    if (words === q) return undefined;
    const timer = setTimeout(() => change.current({ ...filter, q: words }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [words, q, filter]);
  return (
    <label className="relative">
      <Search aria-hidden size={16} className="absolute top-2.5 left-3 text-quiet" />
      <Input type="search" aria-label={t("pages.search")} placeholder={t("pages.search")} value={words} onChange={({ target }) => setWords(target.value)} className="pl-9" />
    </label>
  );
};

const List = () => {
  const project = useProjectId();
  const { filter } = useFilter();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(pagesQuery(project, filter));
  const pages = data?.pages.flatMap(({ items }) => items) ?? [];
  const isNarrowed = filter.q !== undefined || filter.status !== undefined;
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  return (
    <Panel>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data !== undefined && pages.length === 0 && (isNarrowed ? <Empty icon={<Search size={20} />} title={t("pages.noneHere")}>{t("pages.noneHereWhy")}</Empty> : <Empty icon={<FileText size={20} />} title={t("pages.none")}>{t("pages.noneWhy")}</Empty>)}
      <ul ref={list} className="divide-y">{pages.map((page) => <li key={page.id} className="[content-visibility:auto] [contain-intrinsic-size:auto_60px]"><PageRow page={page} /></li>)}</ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </Panel>
  );
};

export const Pages = () => {
  const project = useProjectId();
  const { filter, set } = useFilter();
  const { data: pipeline, error, refetch } = useQuery(pipelineQuery(project));
  const heading = <h1 className="text-lg font-semibold">{t("pages.title")}</h1>;
  if (error !== null) return <div className="grid gap-4">{heading}<Problem error={error} retry={() => void refetch()} /></div>;
  if (pipeline === undefined) return <div className="grid gap-4">{heading}<SkeletonRows /></div>;
  const { doubtful } = pipeline;
  const isEmpty = Object.keys(pipeline.pages).length === 0 && pipeline.state === "none";
  if (!pipeline.enabled && isEmpty) return <div className="grid gap-4">{heading}<TurnOn /></div>;
  return (
    <div className="grid gap-4">
      {heading}
      {!pipeline.enabled && <TurnOn />}
      <PipelinePanel pipeline={pipeline} status={filter.status} onStatus={(status) => set({ ...(filter.q === undefined ? {} : { q: filter.q }), ...(status === undefined ? {} : { status }) })} />
      <div className="grid items-start gap-4 xl:grid-cols-[1fr_20rem]">
        <div className="grid min-w-0 gap-4">
          {doubtful.places + doubtful.anchors > 0 && <Doubtful counts={doubtful} />}
          <SearchBox />
          <List />
        </div>
        <Connections publishing={pipeline.publishing} />
      </div>
    </div>
  );
};
