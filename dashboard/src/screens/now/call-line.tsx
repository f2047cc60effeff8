import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import * as z from "zod/mini";
import type { Call } from "@/api/queries";
import { cn } from "@/lib/cn";
import { durationOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { toneOfEnd } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";

const timelineSchema = z.array(z.object({ at: z.string(), event: z.string() }));
const STEPS = ["received", "dialed", "owner_ringing", "owner_answered", "owner_pressed", "connected"] as const;

const useNow = (runs: boolean): number => {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
};

/** One call as a line from its beginning to the conversation, with the clock running until the two talk. @param name of the customer */
export const CallLine = ({ call, name }: { call: Call; name: string }) => {
  const project = useProjectId();
  const events = timelineSchema.safeParse(call.timeline).data ?? [];
  const reached = new Map(events.map(({ event, at }) => [event, new Date(at).getTime()]));
  const began = reached.get("received") ?? new Date(call.created_at).getTime();
  const last = STEPS.findLastIndex((step) => reached.has(step));
  const connectedAt = reached.get("connected");
  const isOver = call.end_reason !== null;
  const now = useNow(!isOver && connectedAt === undefined);
  return (
    <Link to="/$project/calls/$call" params={{ project, call: call.id }} data-testid="call-line" className="grid gap-3 rounded-lg p-4 hover:bg-raised">
      <div className="flex items-center justify-between gap-3">
        <span className="truncate font-medium">{name}</span>
        <span className="flex items-center gap-2">
          <Badge tone={connectedAt === undefined ? toneOfEnd(call.end_reason) : "good"}>{isOver ? said("end", call.end_reason ?? "") : said("status", call.status)}</Badge>
          <span className="tabular text-sm font-semibold">{durationOf((connectedAt ?? now) - began)}</span>
        </span>
      </div>
      <ol className="grid grid-cols-6">
        {STEPS.map((step, at) => {
          const time = reached.get(step);
          return (
            <li key={step} data-reached={at <= last} className="relative grid content-start justify-items-center gap-1.5 text-center">
              {at > 0 && <span aria-hidden className={cn("absolute top-[5px] right-1/2 h-0.5 w-full", at <= last ? "bg-accent" : "bg-line")} />}
              <span aria-hidden className={cn("z-10 size-3 rounded-full border-2", at < last && "border-accent bg-accent", at === last && "border-accent bg-surface ring-4 ring-accent-soft", at > last && "border-line bg-surface")} />
              <span className={cn("text-[11px] leading-tight", at !== last && "max-sm:invisible", at <= last ? "text-text" : "text-quiet")}>{t(step === "received" && call.direction === "inbound" ? "steps.received_inbound" : `steps.${step}`)}</span>
              {time !== undefined && at > 0 && <span className="tabular text-[11px] text-quiet">+{durationOf(time - began)}</span>}
            </li>
          );
        })}
      </ol>
    </Link>
  );
};
