import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { durationOf } from "@/lib/format";
import { t } from "@/lib/words";
import { Empty, Panel } from "@/ui/panel";
import type { Segment } from "./call.schemas.ts";

const NAMES = { owner: "call.owner", customer: "call.customer", unknown: "call.transcript" } as const;

/** What was said, by whom; follows the recording, and leads it to where one clicks. */
export const Transcript = ({ segments, hasNoTalk, seconds, seek }: { segments: readonly Segment[]; hasNoTalk: boolean; seconds: number; seek: ((seconds: number) => void) | null }) => {
  const spoken = segments.findLastIndex(({ start_s }) => start_s <= seconds + 0.05);
  const current = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (seconds > 0) current.current?.scrollIntoView({ block: "nearest" });
    // Follows from line to line, not from moment to moment.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [spoken]);
  return (
    <Panel title={t("call.transcript")}>
      {segments.length === 0 && <Empty title={t(hasNoTalk ? "call.noTalk" : "call.noTranscript")} />}
      <ol data-testid="transcript" className="grid max-h-[28rem] gap-1 overflow-auto p-3">
        {segments.map((segment, at) => (
          <li key={`${segment.start_s}-${at}`} ref={at === spoken ? current : null}>
            <button type="button" disabled={seek === null} onClick={() => seek?.(segment.start_s)} className={cn("grid w-full grid-cols-[4.5rem_1fr] gap-x-3 rounded-lg px-2 py-1.5 text-left text-sm", seek !== null && "hover:bg-raised", at === spoken && seconds > 0 && "bg-accent-soft")}>
              <span className="text-xs text-quiet"><span className="block font-medium">{t(NAMES[segment.speaker])}</span><span className="tabular">{durationOf(segment.start_s * 1000)}</span></span>
              <span>{segment.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
};
