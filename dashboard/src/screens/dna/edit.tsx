import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { schemaQuery } from "@/api/dna.queries";
import { cn } from "@/lib/cn";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel, Skeleton, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { DnaForm } from "./form/form.tsx";
import { accessOf } from "./form/form-context.ts";
import { type SectionId, sectionOf } from "./form/sections.ts";
import { Mistakes, pathOf } from "./mistakes.tsx";
import type { JsonSchema } from "./text/json-schema.ts";
import type { Mistake, Path } from "./text/yaml-text.ts";
import type { Checked } from "./use-check.ts";
import type { Draft } from "./use-draft.ts";
import type { Shown } from "./yaml/yaml-editor.tsx";

const YamlEditor = lazy(async () => import("./yaml/yaml-editor.tsx"));

interface EditProps {
  draft: Draft;
  checked: Checked;
  readOnly: boolean;
  section: SectionId;
  onSection: (section: SectionId) => void;
}

type Pane = "form" | "yaml";

/** For windows too narrow for both. */
const Panes = ({ pane, onPane }: { pane: Pane; onPane: (pane: Pane) => void }) => (
  <div role="group" aria-label={t("dna.views")} className="flex rounded-lg border bg-surface p-0.5 xl:hidden">
    {(["form", "yaml"] as const).map((one) => (
      <button key={one} type="button" aria-pressed={pane === one} onClick={() => onPane(one)} className={cn("min-h-8 flex-1 rounded-md px-4 text-sm", pane === one ? "bg-accent-soft font-medium" : "text-quiet")}>{t(`dna.${one}`)}</button>
    ))}
  </div>
);

/** One text, by form and as YAML: both show it, either changes it. */
export const Edit = ({ draft, checked, readOnly, section, onSection }: EditProps) => {
  const { data, error, refetch } = useQuery(schemaQuery);
  const [pane, setPane] = useState<Pane>("form");
  const [shown, setShown] = useState<Shown | null>(null);
  const schema = data as JsonSchema | undefined;
  const failed = error ?? checked.error;
  if (failed !== null) return <Panel><Problem error={failed} retry={() => { void refetch(); checked.retry(); }} /></Panel>;
  if (schema === undefined || checked.beneath === null) return <Panel><SkeletonRows rows={8} /></Panel>;

  const isBroken = checked.reading.mistakes.length > 0;
  const show = (path: Path, focus = false): void => {
    const line = checked.reading.lineOf(path);
    if (focus) setPane("yaml");
    if (line !== null || focus) setShown({ line: line ?? 1, focus });
  };
  const goTo = ({ path, line }: Mistake): void => {
    const where = sectionOf(path);
    if (where !== null) onSection(where);
    else setPane("yaml");
    const at = line ?? checked.reading.lineOf(pathOf(path));
    if (at !== null) setShown({ line: at, focus: where === null || pane === "yaml" });
  };
  const access = accessOf({ text: draft.text, custom: checked.custom, beneath: checked.beneath.dna, origins: checked.beneath.origins, schema, mistakes: checked.mistakes, readOnly: readOnly || isBroken, write: draft.write, show });
  return (
    <div className="grid gap-4">
      <Mistakes mistakes={checked.mistakes} warnings={checked.warnings} onGo={goTo} />
      <Panes pane={pane} onPane={setPane} />
      <div className="grid gap-4 xl:grid-cols-2">
        <div className={cn("min-w-0", pane === "yaml" && "max-xl:hidden")}>
          {isBroken && (
            <div className="mb-3 flex flex-wrap items-center gap-3 rounded-lg bg-warn-soft p-3 text-sm text-warn">
              <p>{t("dna.broken")}</p>
              <Button size="small" className="text-text xl:hidden" onClick={() => setPane("yaml")}>{t("dna.show")}</Button>
            </div>
          )}
          <DnaForm access={access} section={section} onSection={onSection} mistakes={checked.mistakes} />
        </div>
        <div className={cn("min-w-0 xl:sticky xl:top-32 xl:self-start", pane === "form" && "max-xl:hidden")}>
          <Suspense fallback={<Skeleton className="h-[75dvh]" />}>
            <YamlEditor text={draft.text} onText={draft.write} schema={schema} mistakes={checked.mistakes} warnings={checked.warnings} readOnly={readOnly} shown={shown} />
          </Suspense>
        </div>
      </div>
    </div>
  );
};
