import type { ReactNode } from "react";
import { dateTimeOf } from "@/lib/format";
import { useZone } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge, type Tone } from "@/ui/badge";
import { Panel } from "@/ui/panel";
import type { HuntSetup } from "./hunt.queries.ts";

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid gap-1">
    <dt className="text-xs text-quiet">{name}</dt>
    <dd className="flex flex-wrap gap-1.5 text-sm">{children}</dd>
  </div>
);
const Words = ({ words, tone }: { words: readonly string[]; tone: Tone }) => words.map((word) => <Badge key={word} tone={tone} className="whitespace-normal">{word}</Badge>);

/** What a hunt goes by, as the DNA has it. */
export const LookingFor = ({ setup: { keywords, negative_keywords, places, next_at, limits, score_threshold } }: { setup: HuntSetup }) => {
  const zone = useZone();
  return (
    <Panel title={t("hunt.looking")}>
      <dl className="grid gap-3 p-4">
        {keywords.length > 0 && <Row name={t("hunt.keywords")}><Words words={keywords} tone="accent" /></Row>}
        {negative_keywords.length > 0 && <Row name={t("hunt.never")}><Words words={negative_keywords} tone="bad" /></Row>}
        <Row name={t("hunt.places")}>{places.length === 0 ? t("hunt.anywhere") : <Words words={places} tone="plain" />}</Row>
        <Row name={t("hunt.next")}>{next_at === null ? t("hunt.noSchedule") : <time dateTime={next_at}>{dateTimeOf(next_at, zone)}</time>}</Row>
        <Row name={t("hunt.limits")}>{t("hunt.limitsAre", { pages: limits.max_pages, minutes: limits.max_minutes, usd: limits.max_usd.toFixed(2) })}</Row>
        <Row name={t("hunt.threshold")}>{t("hunt.thresholdIs", { score: score_threshold })}</Row>
      </dl>
      <p className="border-t px-4 py-3 text-[13px] text-quiet">{t("hunt.change")}</p>
    </Panel>
  );
};
