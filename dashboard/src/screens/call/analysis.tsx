import type { ReactNode } from "react";
import type { z } from "zod";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty, Panel } from "@/ui/panel";
import type { analysisSchema } from "./call.schemas.ts";

const SENTIMENT = { positive: "good", neutral: "plain", negative: "bad" } as const;
const URGENCY = { low: "plain", medium: "warn", high: "bad" } as const;

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <div className="grid gap-1">
    <h3 className="text-xs font-medium text-quiet">{title}</h3>
    {children}
  </div>
);
const Lines = ({ lines }: { lines: readonly string[] }) => <ul className="list-disc pl-5 text-sm">{lines.map((line) => <li key={line}>{line}</li>)}</ul>;

export const Analysis = ({ analysis, hasNoTalk }: { analysis: z.infer<typeof analysisSchema> | null; hasNoTalk: boolean }) => (
  <Panel title={t("call.summary")}>
    {analysis === null ? (
      <Empty title={t(hasNoTalk ? "call.noTalkAnalysis" : "call.analysisNone")} />
    ) : (
      <div className="grid gap-4 p-4">
        <p className="text-sm">{analysis.summary}</p>
        <div className="flex flex-wrap gap-2">
          <Badge tone={SENTIMENT[analysis.sentiment]}>{t("call.sentiment")}: {analysis.sentiment}</Badge>
          <Badge tone={URGENCY[analysis.urgency]}>{t("call.urgency")}: {analysis.urgency}</Badge>
        </div>
        <Part title={t("call.intent")}><p className="text-sm">{analysis.customer_intent}</p></Part>
        {analysis.next_steps.length > 0 && <Part title={t("call.next")}><Lines lines={analysis.next_steps} /></Part>}
        {analysis.key_points.length > 0 && <Part title={t("call.points")}><Lines lines={analysis.key_points} /></Part>}
      </div>
    )}
  </Panel>
);
