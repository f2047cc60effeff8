import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, StateEffect, StateField, type Text, Transaction } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import { t } from "@/lib/words";
import { completionsAt } from "../text/completion.ts";
import type { JsonSchema } from "../text/json-schema.ts";
import type { Mistake } from "../text/yaml-text.ts";
import { yamlLook } from "./look.ts";

/** A line that is to be seen; the same line asked for again is another request. */
export interface Shown {
  line: number;
  focus: boolean;
}

interface YamlEditorProps {
  text: string;
  onText: (text: string) => void;
  schema: JsonSchema;
  mistakes: readonly Mistake[];
  warnings: readonly Mistake[];
  readOnly: boolean;
  shown: Shown | null;
}

const showLine = StateEffect.define<number>();
const shownLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => transaction.effects.reduce((kept, effect) => (effect.is(showLine) ? Decoration.set(Decoration.line({ class: "cm-shown" }).range(effect.value)) : kept), transaction.docChanged ? marks.map(transaction.changes) : marks),
  provide: (field) => EditorView.decorations.from(field),
});

const completeBy = (schema: () => JsonSchema) => ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
  const found = completionsAt(schema(), state.doc.toString(), pos);
  if (found === null || found.options.length === 0 || (!explicit && found.from === pos)) return null;
  return { from: found.from, options: found.options.map(({ label, apply, detail, info }) => ({ label, apply, detail, ...(info === undefined ? {} : { info }) })), validFor: /^[\w-]*$/ };
};

const diagnosticsOf = (document: Text, mistakes: readonly Mistake[], severity: Diagnostic["severity"]): Diagnostic[] =>
  mistakes.flatMap(({ path, message, line, column }) => {
    if (line === undefined || line > document.lines) return [];
    const { from, to } = document.line(line);
    return [{ from: Math.min(from + Math.max(0, (column ?? 1) - 1), to), to, severity, message: path === "" || path.startsWith("line ") ? message : `${path}: ${message}` }];
  });

/** What differs, so that the cursor stays where it is. */
const changeTo = (before: string, after: string) => {
  let [from, common] = [0, 0];
  const most = Math.min(before.length, after.length);
  while (from < most && before[from] === after[from]) from++;
  while (common < most - from && before[before.length - 1 - common] === after[after.length - 1 - common]) common++;
  return { from, to: before.length - common, insert: after.slice(from, after.length - common) };
};

/** The text for those who write YAML: completed by the schema, marked by what the API says of it. Tab leaves it. */
const YamlEditor = ({ text, onText, schema, mistakes, warnings, readOnly, shown }: YamlEditorProps) => {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const writable = useRef(new Compartment());
  const latest = useRef({ onText, schema, text, readOnly });
  useEffect(() => {
    latest.current = { onText, schema, text, readOnly };
  });

  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = new EditorView({
      parent: place.current,
      doc: latest.current.text,
      extensions: [
        basicSetup,
        yamlLook(t("dna.yaml")),
        lintGutter(),
        autocompletion({ override: [completeBy(() => latest.current.schema)], icons: false }),
        shownLine,
        writable.current.of(EditorState.readOnly.of(latest.current.readOnly)),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(Transaction.userEvent) === "form")) latest.current.onText(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => view.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(readOnly)) }), [readOnly]);

  useEffect(() => {
    const before = view.current?.state.doc.toString();
    if (before !== undefined && before !== text) view.current?.dispatch({ changes: changeTo(before, text), annotations: Transaction.userEvent.of("form") });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor !== null) editor.dispatch(setDiagnostics(editor.state, [...diagnosticsOf(editor.state.doc, mistakes, "error"), ...diagnosticsOf(editor.state.doc, warnings, "warning")]));
  }, [mistakes, warnings]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || shown === null || shown.line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(shown.line);
    editor.dispatch({ effects: [showLine.of(from), EditorView.scrollIntoView(from, { y: "center" })], ...(shown.focus ? { selection: { anchor: from } } : {}) });
    if (shown.focus) editor.focus();
  }, [shown]);

  return <div ref={place} data-testid="dna-yaml" className="min-h-0 overflow-hidden rounded-xl border [&_.cm-editor]:max-h-[75dvh] [&_.cm-editor]:min-h-80 xl:[&_.cm-editor]:h-[75dvh]" />;
};

export default YamlEditor;
