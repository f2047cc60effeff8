import { useQuery } from "@tanstack/react-query";
import { Check, Globe } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { generatedQuery } from "@/api/dna.queries";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import { nameOf } from "../form/names.ts";
import { type Finding, findingsOf } from "../text/findings.ts";
import { removeIn } from "../text/yaml-change.ts";
import { readText } from "../text/yaml-text.ts";
import { Value } from "../value.tsx";

interface FoundProps {
  text: string;
  readOnly: boolean;
  write: (text: string) => void;
}

const TONE = { same: "plain", found: "good", yours: "accent" } as const;
const WORDS = { same: "dna.foundView.same", found: "dna.foundView.onlyFound", yours: "dna.foundView.overruled" } as const;

const Row = ({ finding, onTake }: { finding: Finding; onTake: (() => void) | null }) => (
  <li className="grid gap-2 px-4 py-3 md:grid-cols-[minmax(9rem,14rem)_1fr_1fr_8rem] md:items-start" data-testid="dna-finding">
    <div className="flex items-center justify-between gap-2 md:grid md:justify-items-start">
      <span className="text-sm font-medium">{nameOf(finding.path)}</span>
      <Badge tone={TONE[finding.state]}>{t(WORDS[finding.state])}</Badge>
    </div>
    <div className="min-w-0"><p className="text-xs text-quiet">{t("dna.foundView.found")}</p><Value value={finding.found} /></div>
    <div className="min-w-0">{finding.state === "yours" && <><p className="text-xs text-quiet">{t("dna.foundView.yours")}</p><Value value={finding.own} /></>}</div>
    <div>{onTake !== null && <Button size="small" aria-label={t("dna.foundView.take", { name: nameOf(finding.path) })} onClick={onTake}>{t("dna.foundView.takeShort")}</Button>}</div>
  </li>
);

/** What onboarding found, beside what the owner says instead. */
export const Found = ({ text, readOnly, write }: FoundProps) => {
  const { data, error, refetch } = useQuery(generatedQuery(useProjectId()));
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  if (error !== null) return <Panel><Problem error={error} retry={() => void refetch()} /></Panel>;
  if (data === undefined) return <Panel><SkeletonRows /></Panel>;
  const findings = findingsOf(readText(data).value, readText(text).value);
  if (findings.length === 0) return <Panel><Empty icon={<Globe size={20} />} title={t("dna.foundView.none")}>{t("dna.foundView.noneWhy")}</Empty></Panel>;
  const shown = onlyDifferent ? findings.filter(({ state }) => state === "yours") : findings;
  return (
    <Panel title={t("dna.found")} action={<label className="flex items-center gap-2 text-[13px]"><input type="checkbox" className="size-4 accent-(--accent)" checked={onlyDifferent} onChange={({ target }) => setOnlyDifferent(target.checked)} />{t("dna.foundView.only")}</label>}>
      {shown.length === 0 && <Empty icon={<Check size={20} />} title={t("dna.foundView.all")}>{t("dna.foundView.allWhy")}</Empty>}
      <ul className="divide-y">
        {shown.map((finding) => {
          const take = (): void => {
            write(removeIn(text, finding.path));
            toast(t("dna.foundView.taken"), { action: { label: t("do.undo"), onClick: () => write(text) } });
          };
          return <Row key={finding.path.join(".")} finding={finding} onTake={finding.state === "yours" && !readOnly ? take : null} />;
        })}
      </ul>
    </Panel>
  );
};
