import { cn } from "@/lib/cn";
import { sectionWords } from "@/lib/words/dna-fields.en";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { kindOf } from "../text/json-schema.ts";
import type { Mistake } from "../text/yaml-text.ts";
import { DnaField } from "./field.tsx";
import { type FormAccess, FormProvider } from "./form-context.ts";
import { type SectionId, sectionOf, SECTIONS } from "./sections.ts";

interface FormProps {
  access: FormAccess;
  section: SectionId;
  onSection: (section: SectionId) => void;
  mistakes: readonly Mistake[];
}

const Sections = ({ section, onSection, mistakes }: Omit<FormProps, "access">) => (
  <nav aria-label={t("dna.sections")} className="flex gap-1 overflow-x-auto pb-1 sm:flex-wrap">
    {SECTIONS.map(({ id }) => {
      const count = mistakes.filter(({ path }) => sectionOf(path) === id).length;
      return (
        <button key={id} type="button" aria-current={id === section ? "true" : undefined} onClick={() => onSection(id)} className={cn("flex min-h-8 shrink-0 items-center gap-1.5 rounded-full border px-3 text-[13px]", id === section ? "border-accent bg-accent-soft font-medium text-text" : "text-quiet hover:bg-raised hover:text-text")}>
          {sectionWords[id]}
          {count > 0 && <Badge tone="bad" className="tabular px-1.5">{count}</Badge>}
        </button>
      );
    })}
  </nav>
);

/** The DNA's important parts, for those who fill in forms; made from the JSON Schema that the API publishes. */
export const DnaForm = ({ access, section, onSection, mistakes }: FormProps) => {
  const paths = (SECTIONS.find(({ id }) => id === section)?.fields ?? []).map((field) => field.split("."));
  // A section that is one map needs no frame within.
  const [only, ...others] = paths;
  const inside = only !== undefined && others.length === 0 && kindOf(access.forms(only)) === "group" ? Object.keys(access.forms(only)[0]?.properties ?? {}).map((name) => [...only, name]) : paths;
  return (
    <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-4">
      <Sections section={section} onSection={onSection} mistakes={mistakes} />
      <FormProvider value={access}>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">{inside.map((path) => <DnaField key={path.join(".")} path={path} />)}</div>
      </FormProvider>
    </div>
  );
};
