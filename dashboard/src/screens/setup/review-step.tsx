import type { ReactNode } from "react";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Correct } from "./correct-dialog.tsx";
import { type Fact, factsOf, SERVICES_PATH } from "./facts.ts";
import { DAYS, type FoundField, ownerOf, readingSchema } from "./setup.schemas.ts";
import { StepPanel } from "./step-panel.tsx";
import type { Setup } from "./use-setup.ts";

const pageName = (url: string): string => (URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : url);

/** Which layer a value is of; a list's and a map's stand under the paths of what is in them. */
const layerOf = (origins: Setup["origins"], path: string): string | undefined => origins[path] ?? Object.entries(origins).find(([at]) => at.startsWith(`${path}.`))?.[1];

const Source = ({ layer, field }: { layer: string | undefined; field: FoundField | undefined }) => {
  if (layer === "custom") return <Badge tone="accent">{t("onboarding.review.custom")}</Badge>;
  if (layer?.startsWith("vertical:") === true || layer === "defaults") return <Badge>{t("onboarding.review.trade")}</Badge>;
  if (field === undefined) return null;
  if (field.source_url === null) return <Badge>{t("onboarding.review.given")}</Badge>;
  return <a href={field.source_url} target="_blank" rel="noreferrer" className="min-w-0 truncate text-xs text-quiet underline underline-offset-4">{t("onboarding.review.found", { page: pageName(field.source_url) })}</a>;
};

/** Sentences stand under each other; only what is no sentence is strung together by commas. */
const isSentence = (text: string): boolean => /[.!?]$/.test(text.trim());

const isEmpty = (fact: Fact): boolean => (fact.kind === "hours" ? Object.keys(fact.value).length === 0 : fact.value.length === 0);

const Value = ({ fact }: { fact: Fact }) => {
  if (isEmpty(fact)) return <span className="text-quiet">{t("onboarding.review.nothing")}</span>;
  if (fact.kind === "text") return <span className="break-words">{fact.value}</span>;
  if (fact.kind === "list" && fact.value.some(isSentence)) return <ul className="grid gap-0.5 break-words">{fact.value.map((line) => <li key={line}>{line}</li>)}</ul>;
  if (fact.kind === "list") return <span className="break-words">{fact.value.join(", ")}</span>;
  return <ul className="tabular grid gap-0.5">{DAYS.map((day) => <li key={day}>{t(`onboarding.review.days.${day}`)} {(fact.value[day] ?? []).join(", ") || t("onboarding.review.closed")}</li>)}</ul>;
};

const Row = ({ name, value, source, action }: { name: string; value: ReactNode; source: ReactNode; action: ReactNode }) => (
  <div className="grid gap-x-4 gap-y-1 px-5 py-3 text-sm sm:grid-cols-[10rem_1fr_auto]">
    <dt className="text-quiet">{name}</dt>
    <dd className="grid min-w-0 justify-items-start gap-1">{value}{source}</dd>
    <dd className="sm:text-right">{action}</dd>
  </div>
);

/** What the website says, line by line, with where it says so; the owner's word beside it. */
export const ReviewStep = ({ setup: { run, dna, origins } }: { setup: Setup }) => {
  const reading = readingSchema.safeParse(run?.result).data;
  const fieldAt = (path: string): FoundField | undefined => reading?.fields.find((field) => field.path === path || field.path.startsWith(`${path}.`));
  const services = t("onboarding.review.services");
  return (
    <StepPanel title={t("onboarding.review.title")} why={t("onboarding.review.why")} next="call" nextName={t("onboarding.review.right")}>
      <dl className="divide-y">
        <Row name={t("onboarding.review.rings")} value={<span className="tabular font-medium">{ownerOf(dna)}</span>} source={<Badge>{t("onboarding.review.given")}</Badge>} action={null} />
        {factsOf(dna).map((fact) => {
          const name = t(`onboarding.review.fields.${fact.id}`);
          return <Row key={fact.id} name={name} value={<Value fact={fact} />} source={isEmpty(fact) ? null : <Source layer={layerOf(origins, fact.path)} field={fieldAt(fact.path)} />} action={<Correct name={name} fact={fact} isKnown={!isEmpty(fact)} />} />;
        })}
        <Row
          name={services}
          value={dna.services.length === 0 ? <span className="text-quiet">{t("onboarding.review.nothing")}</span> : (
            <ul className="grid w-full gap-1">
              {dna.services.map(({ name, price_from }, at) => <li key={at} className="flex flex-wrap justify-between gap-x-4 break-words"><span>{name}</span>{price_from !== undefined && <span className="tabular text-quiet">{t("onboarding.review.price", { price: price_from })}</span>}</li>)}
            </ul>
          )}
          source={<Source layer={layerOf(origins, SERVICES_PATH)} field={fieldAt(SERVICES_PATH)} />}
          action={<Correct name={services} fact={{ path: SERVICES_PATH, kind: "services", value: dna.services }} isKnown={dna.services.length > 0} />}
        />
      </dl>
      {reading !== undefined && reading.questions.length > 0 && (
        <section className="grid gap-2 border-t p-5 text-sm">
          <h3 className="font-medium">{t("onboarding.review.questions")}</h3>
          <p className="text-quiet">{t("onboarding.review.questionsWhy")}</p>
          <ul className="grid list-disc gap-1 pl-5 break-words">{reading.questions.map((question) => <li key={question}>{question}</li>)}</ul>
        </section>
      )}
    </StepPanel>
  );
};
