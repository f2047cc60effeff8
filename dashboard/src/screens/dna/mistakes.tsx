import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { nameOf } from "./form/names.ts";
import type { Mistake } from "./text/yaml-text.ts";

interface MistakesProps {
  mistakes: readonly Mistake[];
  warnings: readonly Mistake[];
  /** To where it can be mended. */
  onGo: (mistake: Mistake) => void;
}

/** The places of a list's items are numbers again. */
export const pathOf = (dotted: string): (string | number)[] => dotted.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));

const Row = ({ mistake, tone, onGo }: { mistake: Mistake; tone: "bad" | "warn"; onGo: () => void }) => {
  const name = mistake.path === "" || mistake.path.startsWith("line ") ? null : nameOf(pathOf(mistake.path));
  return (
    <li>
      <button type="button" onClick={onGo} className="flex w-full flex-wrap items-center gap-x-2 gap-y-0.5 rounded-lg px-2 py-1 text-left text-sm hover:bg-raised">
        {name !== null && <span className="font-medium" title={mistake.path}>{name}</span>}
        <span className="min-w-0">{mistake.message}</span>
        {mistake.line !== undefined && <Badge tone={tone} className="tabular">{t("dna.at", { line: mistake.line })}</Badge>}
      </button>
    </li>
  );
};

/** What keeps the text from being saved, and what has no effect in it. */
export const Mistakes = ({ mistakes, warnings, onGo }: MistakesProps) => (
  <div aria-live="polite" className="grid gap-2 empty:hidden">
    {mistakes.length > 0 && (
      <div className="rounded-lg border border-bad/40 bg-surface p-2" data-testid="dna-mistakes">
        <p className="px-2 py-1 text-sm font-semibold text-bad">{mistakes.length === 1 ? t("dna.mistake") : t("dna.mistakes", { count: mistakes.length })}</p>
        <ul>{mistakes.map((mistake, index) => <Row key={`${mistake.path}${index}`} mistake={mistake} tone="bad" onGo={() => onGo(mistake)} />)}</ul>
      </div>
    )}
    {warnings.length > 0 && (
      <div className="rounded-lg border bg-surface p-2">
        <p className="px-2 py-1 text-sm font-semibold text-warn">{t("dna.warnings")}</p>
        <ul>{warnings.map((mistake, index) => <Row key={`${mistake.path}${index}`} mistake={{ ...mistake, path: "", message: mistake.path }} tone="warn" onGo={() => onGo(mistake)} />)}</ul>
      </div>
    )}
  </div>
);
