import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { type Call, callQuery, entityQuery } from "@/api/queries";
import { customerName } from "@/lib/customer";
import { eventDetail } from "@/lib/event-detail";
import { durationOf, textOf, timeOf } from "@/lib/format";
import { useProjectId, useZone } from "@/lib/project";
import { toneOfEnd } from "@/lib/tones";
import { said, t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty, Panel, Skeleton, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { Analysis } from "./analysis.tsx";
import { analysisSchema, eventsSchema, transcriptSchema } from "./call.schemas.ts";
import { DeleteRecording } from "./delete-recording.tsx";
import type { PlayerHandle } from "./player.tsx";
import { Transcript } from "./transcript.tsx";

/** Of the ways in which a call ends, those in which somebody's words may be on a recording. */
const WITH_WORDS: ReadonlySet<string> = new Set(["connected", "voicemail_left", "customer_voicemail"]);

const Player = lazy(async () => ({ default: (await import("./player.tsx")).Player }));

const Log = ({ call }: { call: Call }) => {
  const zone = useZone();
  const events = eventsSchema.safeParse(call.timeline).data ?? [];
  const began = events[0] === undefined ? 0 : new Date(events[0].at).getTime();
  return (
    <Panel title={t("call.log")}>
      <ol className="grid divide-y">
        {events.map((entry, at) => (
          <li key={`${entry.at}-${at}`} className="grid grid-cols-[6.5rem_1fr_auto] gap-3 px-4 py-2 text-sm">
            <time dateTime={entry.at} className="tabular text-xs text-quiet">{timeOf(entry.at, zone)}</time>
            <span>
              {said("event", entry.event === "received" && call.direction === "inbound" ? "received_inbound" : entry.event)}
              {eventDetail(entry.detail, zone) !== "" && <span className="block text-xs break-words text-quiet">{eventDetail(entry.detail, zone)}</span>}
            </span>
            <span className="tabular text-xs text-quiet">+{durationOf(new Date(entry.at).getTime() - began)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
};

export const CallPage = () => {
  const { call: id } = useParams({ from: "/$project/calls/$call" });
  const project = useProjectId();
  const { data: call, error, refetch } = useQuery(callQuery(id));
  const { data: lead } = useQuery({ ...entityQuery(call?.lead_id ?? ""), enabled: call !== undefined });
  const player = useRef<PlayerHandle>(null);
  const [seconds, setSeconds] = useState(0);
  if (error !== null) return <Problem error={error} retry={() => void refetch()} />;
  if (call === undefined) return <SkeletonRows />;
  const analysis = analysisSchema.safeParse(call.analysis).data ?? null;
  const hasNoTalk = call.end_reason !== null && !WITH_WORDS.has(call.end_reason);
  const segments = transcriptSchema.safeParse(call.transcription).data?.segments ?? [];
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-center gap-3">
        <h1 className="text-lg font-semibold">{t("call.title")}</h1>
        <Link to="/$project/leads/$lead" params={{ project, lead: call.lead_id }} className="text-accent underline underline-offset-4">{lead === undefined ? t("calls.with") : customerName({ name: lead.name, phone: textOf(lead.metadata["phone"]) })}</Link>
        <Badge tone={toneOfEnd(call.end_reason)}>{call.end_reason === null ? said("status", call.status) : said("end", call.end_reason)}</Badge>
      </header>
      <Panel title={t("call.recording")} action={call.recording_url !== null && call.end_reason !== null ? <DeleteRecording call={call.id} /> : undefined}>
        {call.recording_url === null ? (
          <Empty title={t("call.noRecording")}>{t(hasNoTalk ? "call.noTalkWhy" : "call.noRecordingWhy")}</Empty>
        ) : (
          <Suspense fallback={<Skeleton className="m-4 h-32" />}><Player ref={player} url={call.recording_url} onTime={setSeconds} /></Suspense>
        )}
      </Panel>
      <div className="grid items-start gap-4 lg:grid-cols-[3fr_2fr]">
        <Transcript hasNoTalk={hasNoTalk} segments={segments} seconds={seconds} seek={call.recording_url === null ? null : (at) => player.current?.seek(at)} />
        <Analysis analysis={analysis} hasNoTalk={hasNoTalk} />
      </div>
      <Log call={call} />
    </div>
  );
};
