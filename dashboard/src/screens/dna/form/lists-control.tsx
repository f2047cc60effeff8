import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Textarea } from "@/ui/field";
import { formsOf, type JsonSchema, kindOf } from "../text/json-schema.ts";
import { isRecord, type Path } from "../text/yaml-text.ts";
import type { ValueProps } from "./controls.tsx";
import { GroupFrame } from "./field-head.tsx";
import { useForm } from "./form-context.ts";
import { nameOf } from "./names.ts";

/** A new entry: what it must have, still empty. */
const blank = (form: JsonSchema): Record<string, unknown> =>
  Object.fromEntries((form.required ?? []).map((name) => [name, formsOf(form.properties?.[name] ?? {})[0]?.type === "array" ? [] : ""]));

/** Entries of several values each, in an order. */
export const ItemsControl = ({ path, form, field }: ValueProps & { field: (path: Path) => ReactNode }) => {
  const { look, set, remove, move, readOnly } = useForm();
  const { value, own } = look(path);
  const items: unknown[] = Array.isArray(value) ? value : [];
  const [item] = form.items === undefined ? [] : formsOf(form.items);
  const names = Object.entries(item?.properties ?? {}).map(([name, part]) => ({ name, isRare: ["hours", "holidays"].includes(kindOf(formsOf(part))) || name === "time_zone" }));
  const add = (): void => (items.length === 0 ? set(path, [blank(item ?? {})]) : set([...path, items.length], blank(item ?? {})));
  return (
    <GroupFrame path={path} hint={[form.description, !own && items.length > 0 ? t("dna.inherited") : ""].filter(Boolean).join(" · ")}>
      {items.map((entry, index) => {
        const words = isRecord(entry) && typeof entry["name"] === "string" && entry["name"] !== "" ? entry["name"] : t("dna.item", { number: index + 1 });
        const rare = names.filter(({ isRare }) => isRare);
        return (
          <div key={index} data-testid="dna-item" className="grid grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border bg-ground p-3">
            <div className="flex items-center justify-between gap-2">
              <h4 className="min-w-0 truncate text-sm font-medium">{words}</h4>
              {!readOnly && (
                <span className="flex">
                  <Button kind="quiet" size="icon" className="size-8" disabled={index === 0} aria-label={t("dna.up", { name: words })} onClick={() => move(path, index, index - 1)}><ArrowUp size={15} /></Button>
                  <Button kind="quiet" size="icon" className="size-8" disabled={index === items.length - 1} aria-label={t("dna.down", { name: words })} onClick={() => move(path, index, index + 1)}><ArrowDown size={15} /></Button>
                  <Button kind="quiet" size="icon" className="size-8" aria-label={t("dna.remove", { name: words })} onClick={() => remove([...path, index])}><Trash2 size={15} /></Button>
                </span>
              )}
            </div>
            <div className="grid grid-cols-[minmax(0,1fr)] gap-3 sm:grid-cols-2">{names.filter(({ isRare }) => !isRare).map(({ name }) => <div key={name}>{field([...path, index, name])}</div>)}</div>
            {rare.length > 0 && (
              <details>
                <summary className="cursor-pointer text-[13px] text-quiet">{t("dna.more")}</summary>
                <div className="mt-3 grid gap-3">{rare.map(({ name }) => <div key={name}>{field([...path, index, name])}</div>)}</div>
              </details>
            )}
          </div>
        );
      })}
      {!readOnly && <div><Button size="small" onClick={add}><Plus size={14} />{t("dna.add")}</Button></div>}
    </GroupFrame>
  );
};

/** Texts by names of one's own. */
export const PairsControl = ({ path, form }: ValueProps) => {
  const { look, set, remove, mistakeAt, readOnly } = useForm();
  const { value } = look(path);
  const pairs = isRecord(value) ? Object.entries(value) : [];
  const rename = (from: string, to: string): void => {
    if (to === from || to.trim() === "" || pairs.some(([name]) => name === to)) return;
    set(path, Object.fromEntries(pairs.map(([name, text]) => [name === from ? to : name, text])));
  };
  return (
    <GroupFrame path={path} hint={form.description}>
      {pairs.map(([name, text]) => {
        const mistake = mistakeAt([...path, name]);
        return (
          <div key={name} className="grid gap-1.5 sm:grid-cols-[10rem_1fr_auto] sm:items-start">
            <Input aria-label={`${nameOf(path)}: ${t("dna.key")}`} disabled={readOnly} defaultValue={name} onBlur={({ target }) => rename(name, target.value)} />
            <div className="grid gap-1">
              <Textarea rows={2} aria-label={`${name}: ${t("dna.value")}`} aria-invalid={mistake !== undefined} disabled={readOnly} value={String(text)} onChange={({ target }) => set([...path, name], target.value)} />
              {mistake !== undefined && <p className="text-[13px] text-bad">{mistake}</p>}
            </div>
            {!readOnly && <Button kind="quiet" size="icon" aria-label={t("dna.remove", { name })} onClick={() => (look([...path, name]).below === undefined ? remove([...path, name]) : set([...path, name], null))}><Trash2 size={15} /></Button>}
          </div>
        );
      })}
      {!readOnly && <div><Button size="small" onClick={() => set([...path, `new_${pairs.length + 1}`], "")}><Plus size={14} />{t("dna.add")}</Button></div>}
    </GroupFrame>
  );
};
