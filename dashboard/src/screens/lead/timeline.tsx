import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { z } from "zod";
import { timelineQuery } from "@/api/queries";
import { eventDetail } from "@/lib/event-detail";
import { dateTimeOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { said, t } from "@/lib/words";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

/** Null for a call's own events. */
const messageSchema = z.object({ body: z.string() }).nullable().catch(null);
const DETAILS = ["person", "key", "reason", "end_reason", "status", "summary"];

/** One story: forms, calls and texts, newest first. */
export const Timeline = ({ leadId }: { leadId: string }) => {
  const project = useProjectId();
  const zone = useZone();
  const { data, error, refetch } = useQuery(timelineQuery(leadId));
  return (
    <Panel title={t("lead.timeline")}>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data?.items.length === 0 && <Empty title={t("lead.nothing")} />}
      <ol className="grid px-4 py-3">
        {data?.items.map((entry, at) => {
          const words = messageSchema.parse(entry.message)?.body ?? null;
          const detail = eventDetail(entry.detail, zone, DETAILS);
          return (
          <li key={`${entry.at}-${at}`} className="grid grid-cols-[auto_1fr] gap-x-3">
            <span aria-hidden className="grid justify-items-center"><span className="mt-2 size-2 rounded-full bg-accent" /><span className="w-px flex-1 bg-line" /></span>
            <div className="pb-3">
              <div className="flex flex-wrap items-baseline gap-x-3 text-sm">
                <span className="font-medium">{said("event", entry.event)}</span>
                <time dateTime={entry.at} className="tabular text-xs text-quiet">{dateTimeOf(entry.at, zone)}</time>
                {entry.kind === "call" && entry.call_id !== null && entry.event === "received" && <Link to="/$project/calls/$call" params={{ project, call: entry.call_id }} className="text-xs text-accent underline underline-offset-4">{t("call.title")}</Link>}
              </div>
              {words !== null && <p className="mt-1 rounded-lg bg-raised px-3 py-2 text-sm whitespace-pre-wrap">{words}</p>}
              {words === null && detail !== "" && <p className="text-[13px] text-quiet">{detail}</p>}
            </div>
          </li>
          );
        })}
      </ol>
    </Panel>
  );
};
