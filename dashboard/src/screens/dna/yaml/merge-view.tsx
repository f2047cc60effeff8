import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useMemo, useRef } from "react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { mergeTexts } from "../text/three-way.ts";
import { yamlLook } from "./look.ts";

interface MergeViewProps {
  base: string;
  mine: string;
  theirs: string;
  /** With a text that a person has looked through. */
  onDone: (text: string) => void;
}

const marks = EditorView.theme({
  ".cm-changedLine, .cm-insertedLine": { backgroundColor: "var(--good-soft) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--bad-soft) !important", color: "var(--text)" },
  ".cm-changedText": { background: "none !important", textDecoration: "underline" },
  ".cm-deletedText": { background: "none !important", textDecoration: "line-through" },
  ".cm-chunkButtons button": { border: "1px solid var(--line) !important", borderRadius: "6px", background: "var(--surface) !important", color: "var(--text) !important", padding: "2px 8px", marginLeft: "4px" },
});

/** One's own changes over what somebody else has written meanwhile: laid together by line, decided by a person. */
const MergeView = ({ base, mine, theirs, onDone }: MergeViewProps) => {
  const merged = useMemo(() => mergeTexts(base, mine, theirs), [base, mine, theirs]);
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({ doc: merged.text, extensions: [basicSetup, yamlLook(t("dna.conflict.label")), EditorState.phrases.of({ Accept: t("dna.conflict.keep"), Reject: t("dna.conflict.drop") }), unifiedMergeView({ original: theirs, mergeControls: true }), marks] }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, [merged, theirs]);
  return (
    <Panel title={t("dna.conflict.title")} className="min-w-0" data-testid="dna-merge">
      <div className="grid gap-3 p-4">
        <p className="text-sm text-quiet">{t("dna.conflict.why")}</p>
        {merged.conflicts.length > 0 && (
          <div role="alert" className="grid gap-2 rounded-lg bg-warn-soft p-3 text-sm">
            <p className="font-medium text-warn">{t("dna.conflict.both")}</p>
            {merged.conflicts.map((conflict) => (
              <dl key={`${conflict.mine}\n${conflict.theirs}`} className="grid gap-1 sm:grid-cols-2">
                {([["yours", conflict.mine], ["theirs", conflict.theirs]] as const).map(([who, lines]) => (
                  <div key={who}><dt className="text-xs text-quiet">{t(`dna.conflict.${who}`)}</dt><dd><pre className="text-xs whitespace-pre-wrap">{lines.trim()}</pre></dd></div>
                ))}
              </dl>
            ))}
          </div>
        )}
        <div ref={place} className="overflow-hidden rounded-lg border [&_.cm-editor]:max-h-[60dvh]" />
        <div className="flex flex-wrap gap-2">
          <Button kind="main" onClick={() => onDone(view.current?.state.doc.toString() ?? merged.text)}>{t("dna.conflict.goOn")}</Button>
          <Button onClick={() => onDone(theirs)}>{t("dna.conflict.theirsOnly")}</Button>
        </div>
      </div>
    </Panel>
  );
};

export default MergeView;
