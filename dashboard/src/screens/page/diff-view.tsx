import { unifiedMergeView } from "@codemirror/merge";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";

/** By the roles of the dashboard's colours, so that both themes keep their contrast. */
const LOOK = EditorView.theme({
  "&": { fontSize: "13px", backgroundColor: "var(--surface)", color: "var(--text)" },
  ".cm-content": { fontFamily: "inherit", padding: "0.75rem 0" },
  ".cm-line": { padding: "0.15rem 1rem", lineHeight: "1.6" },
  "&.cm-merge-b .cm-changedLine, .cm-changedLine": { backgroundColor: "var(--good-soft)" },
  ".cm-insertedLine, .cm-changedText, &.cm-merge-b .cm-changedText": { background: "color-mix(in srgb, var(--good) 22%, transparent)", textDecoration: "none" },
  ".cm-deletedChunk": { backgroundColor: "var(--bad-soft)", padding: "0.15rem 1rem", lineHeight: "1.6" },
  ".cm-deletedChunk .cm-deletedLine": { textDecoration: "none" },
  ".cm-deletedChunk .cm-deletedText": { background: "color-mix(in srgb, var(--bad) 22%, transparent)" },
  ".cm-collapsedLines": { background: "var(--raised)", color: "var(--quiet)", padding: "0.35rem 1rem" },
});

/** Two texts in one column: what was taken out stands above what came in. */
export const DiffView = ({ before, after, label }: { before: string; after: string; label: string }) => {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return undefined;
    const view = new EditorView({
      parent: host.current,
      doc: after,
      extensions: [
        unifiedMergeView({ original: before, mergeControls: false, gutter: false, collapseUnchanged: { margin: 2, minSize: 4 } }),
        EditorView.lineWrapping,
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        LOOK,
      ],
    });
    return () => view.destroy();
  }, [before, after, label]);
  return <div ref={host} data-testid="diff" />;
};
