import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { RotateCcw, Send } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { dateTimeOf, durationOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Empty, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { deliveriesQuery, type Delivery, type Endpoint, useRefresh } from "./queries.ts";

const STATUSES = ["pending", "delivered", "failed"] as const satisfies readonly Delivery["status"][];
const TONES = { pending: "accent", delivered: "good", failed: "bad" } as const;
const HOUR_MS = 3_600_000;
const SINCE = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS, month: 31 * 24 * HOUR_MS } as const;
type Since = keyof typeof SINCE;
const sinces = Object.keys(SINCE) as Since[];

/** A status speaks for itself; without one, the error says why. */
const answerOf = ({ status, error }: Delivery["tries"][number]): string => (status === null ? `${t("settings.webhooks.noAnswer")}${error === null ? "" : ` (${error})`}` : `HTTP ${status}`);

const ReplayFailed = ({ id }: { id: string }) => {
  const { all: refresh } = useRefresh();
  const [since, setSince] = useState<Since>("day");
  const replay = useMutation({
    mutationFn: async () => ok(api.POST("/api/webhook-endpoints/{id}/replay", { params: { path: { id } }, body: { since: new Date(Date.now() - SINCE[since]).toISOString() } })),
    onSuccess: async ({ replayed }) => { toast(t("settings.webhooks.replayed", { count: replayed })); await refresh(); },
    onError: (error) => toast.error(error.message),
  });
  return (
    <form className="flex flex-wrap items-center gap-2" onSubmit={(event) => { event.preventDefault(); replay.mutate(); }}>
      <Select aria-label={t("settings.webhooks.failedOf")} value={since} className="w-40" onChange={({ target }) => setSince(sinces.find((one) => one === target.value) ?? "day")}>
        {sinces.map((one) => <option key={one} value={one}>{t(`settings.webhooks.since.${one}`)}</option>)}
      </Select>
      <Button type="submit" disabled={replay.isPending}><RotateCcw aria-hidden size={15} />{t("settings.webhooks.replayFailed")}</Button>
    </form>
  );
};

const DeliveryRow = ({ delivery: { id, endpoint_id, type, resource_id, occurred_at, status, tries, next_attempt_at } }: { delivery: Delivery }) => {
  const { all: refresh } = useRefresh();
  const zone = useZone();
  const replay = useMutation({
    mutationFn: async () => ok(api.POST("/api/webhook-deliveries/{id}/replay", { params: { path: { id } } })),
    onSuccess: refresh,
    onError: (error) => toast.error(error.message),
  });
  return (
    <li className="grid gap-1.5 px-5 py-3 text-sm" data-testid={id}>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1.5">
        <span className="grid min-w-0 gap-0.5">
          <span className="flex flex-wrap items-center gap-2"><span className="font-medium">{type}</span><Badge tone={TONES[status]}>{t(`settings.webhooks.${status}`)}</Badge></span>
          <span className="text-xs break-all text-quiet"><time dateTime={occurred_at}>{dateTimeOf(occurred_at, zone)}</time>{resource_id === endpoint_id ? "" : ` · ${resource_id}`}</span>
        </span>
        {(status !== "pending" || tries.length > 0) && <Button size="small" aria-label={t("settings.webhooks.replayName", { type, when: dateTimeOf(occurred_at, zone) })} disabled={replay.isPending} onClick={() => replay.mutate()}>{t("settings.webhooks.replay")}</Button>}
      </div>
      {tries.length > 0 && (
        <ul className="grid gap-0.5 text-xs text-quiet" aria-label={t("settings.webhooks.tries")}>
          {tries.map((one) => <li key={one.at} className="tabular break-words">{dateTimeOf(one.at, zone)}: {answerOf(one)}, {one.duration_ms < 1000 ? `${one.duration_ms} ms` : durationOf(one.duration_ms)}</li>)}
        </ul>
      )}
      {status === "pending" && tries.length > 0 && next_attempt_at !== null && <p className="text-xs">{t("settings.webhooks.next", { when: dateTimeOf(next_attempt_at, zone) })}</p>}
    </li>
  );
};

/** What was sent to one endpoint, or is to be. */
export const Deliveries = ({ endpoint: { id } }: { endpoint: Endpoint }) => {
  const [status, setStatus] = useState<Delivery["status"]>();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(deliveriesQuery(id, status));
  const deliveries = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="border-t bg-ground">
      <div className="flex flex-wrap items-center justify-between gap-2 border-b px-5 py-3">
        <Select aria-label={t("settings.webhooks.status")} value={status ?? ""} className="w-40" onChange={({ target }) => setStatus(STATUSES.find((one) => one === target.value))}>
          <option value="">{t("settings.webhooks.all")}</option>
          {STATUSES.map((one) => <option key={one} value={one}>{t(`settings.webhooks.${one}`)}</option>)}
        </Select>
        <ReplayFailed id={id} />
      </div>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows rows={2} />}
      {data !== undefined && deliveries.length === 0 && <Empty icon={<Send size={20} />} title={t("settings.webhooks.nothing")}>{t("settings.webhooks.nothingWhy")}</Empty>}
      <ul className="divide-y">{deliveries.map((delivery) => <DeliveryRow key={delivery.id} delivery={delivery} />)}</ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </div>
  );
};
