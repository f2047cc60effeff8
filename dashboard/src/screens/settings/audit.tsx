import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ScrollText, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { api, ok, type Schemas } from "@/api/client";
import { cn } from "@/lib/cn";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { AdminOnly } from "./admin-only.tsx";

/** The chain to its end, a page at a time; the first break ends it. */
const verifyAll = async () => {
  let [checked, cursor] = [0, 0];
  for (;;) {
    const page: Schemas["AuditVerification"] = await ok(api.GET("/api/audit/verify", { params: { query: { cursor } } }));
    checked += page.checked;
    if (!page.ok || page.next_cursor === null) return { checked, unsealed: page.unsealed, broken: page.broken_at };
    cursor = Number(page.next_cursor);
  }
};

const Verify = () => {
  const verify = useMutation({ mutationFn: verifyAll });
  const { data } = verify;
  return (
    <div className="grid gap-2 border-b p-5 text-sm">
      <p className="text-quiet">{t("settings.audit.why")}</p>
      <div><Button size="small" disabled={verify.isPending} onClick={() => verify.mutate()}><ShieldCheck aria-hidden size={15} />{t(verify.isPending ? "settings.audit.verifying" : "settings.audit.verify")}</Button></div>
      {verify.isError && <Problem error={verify.error} />}
      {data !== undefined && <p role="status" className={cn("font-medium", data.broken === null ? "text-good" : "text-bad")}>{data.broken === null ? t("settings.audit.intact", { checked: data.checked, unsealed: data.unsealed }) : t("settings.audit.broken", { id: data.broken.id ?? "–", reason: data.broken.reason.replaceAll("_", " ") })}</p>}
    </div>
  );
};

interface Filter {
  action?: string;
  from?: string;
  to?: string;
}

const FilterForm = ({ onFilter }: { onFilter: (filter: Filter) => void }) => {
  const [action, setAction] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  return (
    <form className="grid items-start gap-3 border-b p-5 sm:grid-cols-[1fr_9rem_9rem_auto]" onSubmit={(event) => { event.preventDefault(); onFilter({ ...(action.trim() === "" ? {} : { action: action.trim() }), ...(from === "" ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }), ...(to === "" ? {} : { to: new Date(`${to}T23:59:59.999`).toISOString() }) }); }}>
      <Field label={t("settings.audit.action")} hint={t("settings.audit.actionHint")}>{(props) => <Input maxLength={80} value={action} onChange={({ target }) => setAction(target.value)} {...props} />}</Field>
      <Field label={t("settings.audit.from")}>{(props) => <Input type="date" value={from} onChange={({ target }) => setFrom(target.value)} {...props} />}</Field>
      <Field label={t("settings.audit.to")}>{(props) => <Input type="date" value={to} onChange={({ target }) => setTo(target.value)} {...props} />}</Field>
      <Button type="submit" className="sm:mt-6.5">{t("settings.audit.filter")}</Button>
    </form>
  );
};

const Audit = () => {
  const zone = useZone();
  const [filter, setFilter] = useState<Filter>({});
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: async ({ pageParam }) => ok(api.GET("/api/audit", { params: { query: { limit: 50, ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title={t("settings.audit.title")}>
      <Verify />
      <FilterForm onFilter={setFilter} />
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data !== undefined && rows.length === 0 && <Empty icon={<ScrollText size={20} />} title={t("settings.audit.none")}>{t("settings.audit.noneWhy")}</Empty>}
      <ul className="divide-y" data-testid="audit">
        {rows.map(({ id, at, actor, ip, action, resource, details }) => (
          <li key={id} className="grid gap-x-4 gap-y-0.5 px-5 py-2.5 text-sm sm:grid-cols-[9.5rem_minmax(0,1fr)]">
            <time dateTime={at} className="tabular text-xs text-quiet sm:pt-0.5">{dateTimeOf(at, zone)}</time>
            <span className="min-w-0 break-words"><span className="font-medium">{action}</span> <span className="text-quiet">{resource}</span></span>
            <span className="min-w-0 break-words text-xs text-quiet sm:col-start-2">{actor}{ip === null ? "" : `, ${ip}`}{Object.keys(details).length === 0 ? "" : `, ${Object.entries(details).map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")}`}</span>
          </li>
        ))}
      </ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </Panel>
  );
};

export const AuditSection = () => <AdminOnly><Audit /></AdminOnly>;
