import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { dateTimeOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { type Campaign, type Recipient, recipientsQuery } from "./campaigns.queries.ts";
import { campaignTone, campaignWord } from "./words.ts";

const STATES = ["planned", "sent", "refused", "skipped", "failed", "canceled"] as const satisfies readonly Recipient["state"][];

const Text = ({ recipient }: { recipient: Recipient }) => {
  const project = useProjectId();
  const zone = useZone();
  const { to, lead_id, body, state, reason, reply, segments, written_by, sent_at, not_before } = recipient;
  const notes = [
    sent_at === null ? null : dateTimeOf(sent_at, zone),
    state === "planned" && not_before !== null ? t("reactivate.notBefore", { time: dateTimeOf(not_before, zone) }) : null,
    segments > 1 ? t("reactivate.segments", { count: segments }) : null,
    written_by === "model" ? t("reactivate.byModel") : null,
    reason === null ? null : campaignWord("why", reason),
    reply === null ? null : t("reactivate.replied", { reply: campaignWord("reply", reply) }),
  ].filter((note) => note !== null);
  return (
    <li data-testid="campaign-text" className="grid gap-1 px-4 py-3">
      <div className="flex items-center justify-between gap-3">
        {lead_id === null ? <span className="text-sm text-quiet">{t("reactivate.erased")}</span> : <Link to="/$project/leads/$lead" params={{ project, lead: lead_id }} className="tabular text-sm font-medium underline decoration-line underline-offset-4 hover:decoration-accent">{to ?? t("leads.unnamed")}</Link>}
        <Badge tone={campaignTone(state)}>{campaignWord("state", state)}</Badge>
      </div>
      <p className="rounded-lg bg-raised px-3 py-2 text-sm break-words whitespace-pre-wrap">{body === "" ? t("reactivate.writing") : body}</p>
      {notes.length > 0 && <p className="tabular text-[13px] text-quiet">{notes.join(" · ")}</p>}
    </li>
  );
};

/** Each text as it will be sent, or was. */
export const Recipients = ({ campaign }: { campaign: Campaign }) => {
  const project = useProjectId();
  const [state, setState] = useState<Recipient["state"] | null>(null);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(recipientsQuery(project, campaign, state));
  const recipients = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel
      title={t("reactivate.recipients")}
      action={
        <Select aria-label={t("reactivate.recipients")} value={state ?? ""} onChange={({ target }) => setState(STATES.find((one) => one === target.value) ?? null)} className="max-w-40">
          <option value="">{t("reactivate.all")}</option>
          {STATES.map((one) => <option key={one} value={one}>{campaignWord("state", one)}</option>)}
        </Select>
      }
    >
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data !== undefined && recipients.length === 0 && <Empty title={t("reactivate.recipientsNone")}>{state === null && campaign.status === "preview" ? t("reactivate.nobody") : undefined}</Empty>}
      <ul className="divide-y">{recipients.map((recipient) => <Text key={recipient.id} recipient={recipient} />)}</ul>
      {hasNextPage && <div className="border-t p-3 text-center"><Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("do.more")}</Button></div>}
    </Panel>
  );
};
