import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Crosshair } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Textarea } from "@/ui/field";
import { Problem } from "@/ui/problem";
import type { HuntSetup } from "./hunt.queries.ts";
import { huntWord } from "./words.ts";

const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
const sameAs = (a: readonly string[], b: readonly string[]): boolean => JSON.stringify(a) === JSON.stringify(b);

const StartForm = ({ setup, onStarted }: { setup: HuntSetup; onStarted: () => void }) => {
  const project_id = useProjectId();
  const queryClient = useQueryClient();
  const usual = setup.sources.flatMap(({ name, chosen, state }) => (chosen && state === "ready" ? [name] : []));
  const [where, setWhere] = useState<readonly string[]>(usual);
  const [words, setWords] = useState(setup.keywords.join("\n"));
  const [pages, setPages] = useState(String(setup.limits.max_pages));
  const [whole, setWhole] = useState(true);
  const start = useMutation({
    mutationFn: async () => {
      const keywords = linesOf(words);
      const params = { platforms: [...where], max_pages: Number(pages), ...(sameAs(keywords, setup.keywords) ? {} : { keywords }) };
      return ok(api.POST("/api/run", { body: { ...(whole ? { task: "lead_gen_manager", action: "hunt_sniper" } : { task: "sniper_agent" }), project_id, params } }));
    },
    onSuccess: async () => {
      toast(t("hunt.begun"));
      onStarted();
      await queryClient.invalidateQueries({ queryKey: ["runs", "list", project_id] });
    },
  });
  const toggle = (name: string): void => setWhere((known) => (known.includes(name) ? known.filter((one) => one !== name) : [...known, name]));
  return (
    <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); start.mutate(); }}>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-sm font-medium">{t("hunt.where")}</legend>
        {setup.sources.map(({ name, state }) => (
          <label key={name} className="flex items-center gap-2.5 text-sm">
            <input type="checkbox" disabled={state !== "ready"} checked={where.includes(name)} onChange={() => toggle(name)} className="size-4 accent-(--accent)" />
            <span>{name.replaceAll("_", " ")}</span>
            {state !== "ready" && <span className="text-[13px] text-quiet">{huntWord("state", state)}</span>}
          </label>
        ))}
      </fieldset>
      <Field label={t("hunt.words")} hint={t("hunt.wordsHint")}>{(props) => <Textarea rows={5} value={words} onChange={({ target }) => setWords(target.value)} {...props} />}</Field>
      <Field label={t("hunt.pages")}>{(props) => <Input type="number" min={1} max={50} required value={pages} onChange={({ target }) => setPages(target.value)} {...props} />}</Field>
      <label className="flex items-center gap-2.5 text-sm"><input type="checkbox" checked={whole} onChange={() => setWhole(!whole)} className="size-4 accent-(--accent)" />{t("hunt.whole")}</label>
      {start.error !== null && <Problem error={start.error} />}
      <Button kind="main" type="submit" disabled={where.length === 0 || start.isPending}>{t("hunt.start")}</Button>
    </form>
  );
};

export const StartHunt = ({ setup }: { setup: HuntSetup | undefined }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="main" disabled={setup === undefined || setup.sources.length === 0} onClick={() => setOpen(true)}><Crosshair size={16} />{t("hunt.start")}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t("hunt.start")} description={t("hunt.startWhy")}>
        {setup !== undefined && <StartForm setup={setup} onStarted={() => setOpen(false)} />}
      </Dialog>
    </>
  );
};
