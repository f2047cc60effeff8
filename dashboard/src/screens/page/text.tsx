import { FileText } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import type { LocalPage } from "@/api/page-queries";
import { cn } from "@/lib/cn";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Empty, Panel } from "@/ui/panel";
import { type Line, linesOf, type Segment } from "./lines.ts";

type Finding = NonNullable<LocalPage["review"]>["findings"][number];

const LOOK: Readonly<Record<string, string>> = { h2: "pt-3 text-base font-semibold", h3: "pt-2 text-sm font-semibold", li: "pl-4" };

const Words = ({ segments, source }: { segments: readonly Segment[]; source: string | null }) =>
  segments.map(({ text, refs }, at) => {
    const isShown = source !== null && refs.includes(source);
    return refs.length === 0 ? text : (
      <span key={at} data-cited={isShown ? "true" : undefined} className={cn("decoration-line underline decoration-dotted underline-offset-4", isShown && "rounded bg-accent-soft decoration-accent")}>
        {text}
        <sup className="ml-0.5 text-[10px] text-quiet">{refs.join(" ")}</sup>
      </span>
    );
  });

export const Remark = ({ finding }: { finding: Finding }) => (
  <div className={cn("grid gap-0.5 rounded-lg px-3 py-2 text-[13px]", finding.severity === "error" ? "bg-bad-soft" : "bg-warn-soft")}>
    <p><Badge tone={finding.severity === "error" ? "bad" : "warn"} className="mr-2 px-0">{finding.rule === "person" || finding.rule === "model" ? t(`pages.by.${finding.rule}`) : finding.rule.replaceAll("_", " ")}</Badge>{finding.message}</p>
    {finding.suggestion !== null && <p className="text-quiet">{t("pages.try", { suggestion: finding.suggestion })}</p>}
  </div>
);

const Row = ({ line, findings, source }: { line: Line; findings: readonly Finding[]; source: string | null }) => (
  <li id={`line-${line.number}`} className="grid scroll-mt-24 grid-cols-[2rem_1fr] gap-x-2 px-4 py-1">
    <span className="tabular pt-0.5 text-right text-[11px] text-quiet select-none">{line.number}</span>
    <div className="grid min-w-0 gap-1.5">
      <p className={cn("text-sm leading-relaxed", LOOK[line.tag])}><Words segments={line.segments} source={source} /></p>
      {findings.map((finding) => <Remark key={`${finding.rule}${finding.message}`} finding={finding} />)}
    </div>
  </li>
);

/** The text a line at a time: what each sentence rests on, and the critic's remarks under the line that they are about. */
export const PageText = ({ page, source }: { page: LocalPage; source: string | null }) => {
  const { content, review } = page;
  const lines = useMemo(() => linesOf(content?.body_html ?? ""), [content?.body_html]);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (source !== null) list.current?.querySelector("[data-cited]")?.scrollIntoView({ block: "center" });
  }, [source, lines]);
  if (content === null) return <Panel><Empty icon={<FileText size={20} />} title={t("pages.noText")}>{t("pages.noTextWhy")}</Empty></Panel>;
  const findings = review?.current === true ? review.findings : [];
  return (
    <Panel>
      <div className="grid gap-1 border-b px-4 py-3">
        <p className="text-sm font-medium">{content.title}</p>
        <p className="text-[13px] text-quiet">{content.meta_description}</p>
        <p className="pt-2 text-lg font-semibold">{content.h1}</p>
      </div>
      <ol ref={list} className="py-2">{lines.map((line) => <Row key={line.number} line={line} source={source} findings={findings.filter((finding) => finding.line === line.number)} />)}</ol>
      {content.faq.length > 0 && (
        <div className="grid gap-3 border-t px-4 py-3">
          <h3 className="text-sm font-semibold">{t("pages.faq")}</h3>
          {content.faq.map(({ question, answer, source: refs }) => <div key={question} className="text-sm"><p className="font-medium">{question}</p><p><Words segments={[{ text: answer, refs: (refs ?? "").split(" ").filter((ref) => ref !== "") }]} source={source} /></p></div>)}
        </div>
      )}
    </Panel>
  );
};
