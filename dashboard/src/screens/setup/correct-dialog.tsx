import { useState } from "react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Problem } from "@/ui/problem";
import { useCorrection } from "./corrections.ts";
import { HoursEditor, ListEditor, ServicesEditor, TextEditor } from "./editors.tsx";
import { type Draft, sayable } from "./facts.ts";

const Editor = ({ name, draft, onChange }: { name: string; draft: Draft; onChange: (draft: Draft) => void }) => {
  switch (draft.kind) {
    case "text": return <TextEditor name={name} value={draft.value} onChange={(value) => onChange({ ...draft, value })} />;
    case "list": return <ListEditor name={name} value={draft.value} onChange={(value) => onChange({ ...draft, value })} />;
    case "hours": return <HoursEditor name={name} value={draft.value} onChange={(value) => onChange({ ...draft, value })} />;
    case "services": return <ServicesEditor name={name} value={draft.value} onChange={(value) => onChange({ ...draft, value })} />;
  }
};

const Form = ({ name, fact, onSaved }: { name: string; fact: Draft; onSaved: () => void }) => {
  const [draft, setDraft] = useState(fact);
  const save = useCorrection(onSaved);
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); save.mutate({ path: draft.path, value: sayable(draft) }); }}>
      <Editor name={name} draft={draft} onChange={setDraft} />
      {save.isError && <Problem error={save.error} />}
      <Button kind="main" type="submit" disabled={save.isPending}>{t("do.save")}</Button>
    </form>
  );
};

/** The button beside a value, and the window in which it is corrected. */
export const Correct = ({ name, fact, isKnown }: { name: string; fact: Draft; isKnown: boolean }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" kind="quiet" aria-label={t("onboarding.review.correctName", { name })} onClick={() => setOpen(true)}>{t(isKnown ? "onboarding.review.correct" : "onboarding.review.add")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={name}><Form name={name} fact={fact} onSaved={() => setOpen(false)} /></Dialog>
    </>
  );
};
