import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Download, Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { api, ApiProblem, fetchFile, ok } from "@/api/client";
import { entitiesQuery, type Entity } from "@/api/queries";
import { textOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { useRowKeys } from "@/lib/row-keys";
import { saveFile } from "@/lib/save-file";
import { said, t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { ImportLeads } from "./import-leads.tsx";
import { LeadRows } from "./lead-rows.tsx";
import { LongLeads } from "./long-leads.tsx";

const STATUSES = ["new", "held", "calling", "connected", "called", "no_answer", "needs_contact", "quoted", "won", "completed", "lost", "spam", "opted_out", "test"] as const;
const SET_BY_HAND = ["new", "quoted", "won", "completed", "lost", "spam"] as const;
const TYPING_MS = 250;

const exportLeads = async (project: string): Promise<void> => {
  try {
    saveFile(await fetchFile(`/api/entities/export?type=lead&format=csv&project_id=${encodeURIComponent(project)}`), "leads.csv");
  } catch (error) {
    toast.error(error instanceof ApiProblem ? error.message : t("problem.unexpected"));
  }
};

const SearchBox = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { q = "", status } = useSearch({ from: "/$project/leads" });
  const [words, setWords] = useState(q);
  useEffect(() => setWords(q), [q]);
  useEffect(() => {
    if (words === q) return undefined;
    const timer = setTimeout(() => void navigate({ to: "/$project/leads", params: { project }, search: { ...(words.trim() === "" ? {} : { q: words }), ...(status === undefined ? {} : { status }) }, replace: true }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [words, q, status, navigate, project]);
  return (
    <label className="relative min-w-0 flex-1">
      <Search aria-hidden size={16} className="absolute top-2.5 left-3 text-quiet" />
      <Input type="search" aria-label={t("leads.search")} placeholder={t("leads.search")} value={words} onChange={({ target }) => setWords(target.value)} className="pl-9" />
    </label>
  );
};

/** Of one press of the button: each lead is changed on its own, shown at once, and all are put back by Undo. */
const useSetStatus = (project: string) => {
  const queryClient = useQueryClient();
  const change = async (leads: readonly { id: string; status: string }[]): Promise<void> => {
    await Promise.all(leads.map(async ({ id, status }) => ok(api.PATCH("/api/entities/{id}", { params: { path: { id } }, body: { metadata: { status } } }))));
    await queryClient.invalidateQueries({ queryKey: ["entities", "list", project] });
  };
  return useMutation({
    mutationFn: async ({ leads, status }: { leads: readonly Entity[]; status: string }) => change(leads.map(({ id }) => ({ id, status }))),
    onSuccess: (_, { leads, status }) =>
      toast(t("leads.changed", { count: leads.length, status: said("status", status) }), {
        action: { label: t("do.undo"), onClick: () => void change(leads.map(({ id, metadata }) => ({ id, status: textOf(metadata["status"]) ?? "new" }))) },
      }),
    onError: (error) => toast.error(error.message),
  });
};

export const Leads = () => {
  const project = useProjectId();
  const navigate = useNavigate();
  const { q, status } = useSearch({ from: "/$project/leads" });
  const filter = { type: "lead", ...(q === undefined ? {} : { q }), ...(status === undefined ? {} : { status }) };
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(entitiesQuery(project, filter));
  const leads = data?.pages.flatMap(({ items }) => items) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const picked = leads.filter(({ id }) => chosen.has(id));
  const setStatus = useSetStatus(project);
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  const toggle = (id: string): void => setChosen((known) => (known.has(id) ? new Set([...known].filter((other) => other !== id)) : new Set([...known, id])));
  const isFiltered = q !== undefined || status !== undefined;
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-2"><h1 className="text-lg font-semibold">{t("leads.title")}</h1><div className="flex gap-2"><ImportLeads /><Button size="small" onClick={() => void exportLeads(project)}><Download size={15} />{t("leads.export")}</Button></div></div>
      <div className="flex gap-2">
        <SearchBox />
        <Select aria-label={t("leads.status")} value={status ?? ""} className="max-w-40" onChange={({ target }) => void navigate({ to: "/$project/leads", params: { project }, search: { ...(q === undefined ? {} : { q }), ...(target.value === "" ? {} : { status: target.value }) } })}>
          <option value="">{t("leads.all")}</option>
          {STATUSES.map((one) => <option key={one} value={one}>{said("status", one)}</option>)}
        </Select>
      </div>
      {picked.length > 0 && (
        <div className="sticky top-16 z-20 flex items-center gap-3 rounded-lg border bg-accent-soft px-4 py-2 text-sm">
          <span className="tabular">{t("leads.selected", { count: picked.length })}</span>
          <Select aria-label={t("leads.setStatus")} value="" className="max-w-44" onChange={({ target }) => { setStatus.mutate({ leads: picked, status: target.value }); setChosen(new Set()); }}>
            <option value="" disabled>{t("leads.setStatus")}</option>
            {SET_BY_HAND.map((one) => <option key={one} value={one}>{said("status", one)}</option>)}
          </Select>
        </div>
      )}
      <Panel>
        {error !== null && <Problem error={error} retry={() => void refetch()} />}
        {data === undefined && error === null && <SkeletonRows />}
        {data !== undefined && leads.length === 0 && (isFiltered ? <Empty icon={<Search size={20} />} title={t("leads.noMatch")}>{t("leads.noMatchWhy")}</Empty> : <LeadRows leads={[]} />)}
        <LongLeads ref={list} leads={leads} chosen={chosen} onToggle={toggle} hasMore={hasNextPage && !isFetchingNextPage} onMore={() => void fetchNextPage()} />
        {isFetchingNextPage && <SkeletonRows rows={2} />}
      </Panel>
    </div>
  );
};
