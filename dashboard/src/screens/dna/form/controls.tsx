import { useState } from "react";
import { Input, Select, Textarea } from "@/ui/field";
import { t } from "@/lib/words";
import type { JsonSchema } from "../text/json-schema.ts";
import type { Path } from "../text/yaml-text.ts";
import { FieldFrame } from "./field-head.tsx";
import { type FormAccess, useForm } from "./form-context.ts";
import { choiceName } from "./names.ts";

export interface ValueProps {
  path: Path;
  form: JsonSchema;
}

const mayBeEmpty = ({ minLength = 0, pattern, format }: JsonSchema): boolean => minLength === 0 && pattern === undefined && format === undefined;

/** What was emptied says nothing, or hides what lies below; an empty text where that means something. */
const empty = ({ look, remove, set }: FormAccess, path: Path, form: JsonSchema): void => {
  if (look(path).below === undefined || path.some((key) => typeof key === "number")) remove(path);
  else set(path, form.type === "string" && mayBeEmpty(form) ? "" : null);
};

const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

export const TextControl = ({ path, form, long = false }: ValueProps & { long?: boolean }) => {
  const access = useForm();
  const { value } = access.look(path);
  const shown = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  const write = (text: string): void => (text === "" ? empty(access, path, form) : access.set(path, text));
  const isZone = path.at(-1) === "time_zone";
  return (
    <FieldFrame path={path} hint={form.description}>
      {(props) =>
        long ? <Textarea rows={Math.min(8, Math.max(2, Math.ceil(shown.length / 60)))} value={shown} onChange={({ target }) => write(target.value)} {...props} /> : (
          <>
            <Input value={shown} onChange={({ target }) => write(target.value)} {...(isZone ? { list: `${props.id}-zones` } : {})} {...props} />
            {isZone && <datalist id={`${props.id}-zones`}>{ZONES.map((zone) => <option key={zone} value={zone} />)}</datalist>}
          </>
        )}
    </FieldFrame>
  );
};

export const NumberControl = ({ path, form }: ValueProps) => {
  const access = useForm();
  const { value } = access.look(path);
  // What is being typed need not be a number yet.
  const [typed, setTyped] = useState<string | null>(null);
  const write = (text: string): void => {
    setTyped(text);
    if (text === "") empty(access, path, form);
    else if (Number.isFinite(Number(text))) access.set(path, Number(text));
  };
  return (
    <FieldFrame path={path} hint={form.description}>
      {(props) => (
        <Input type="number" inputMode="decimal" step={form.type === "integer" ? 1 : "any"} min={form.minimum} max={form.maximum} className="tabular" value={typed ?? (typeof value === "number" ? value : "")} onChange={({ target }) => write(target.value)} onBlur={() => setTyped(null)} {...props} />
      )}
    </FieldFrame>
  );
};

export const ToggleControl = ({ path, form }: ValueProps) => {
  const { look, set } = useForm();
  return (
    <FieldFrame path={path} hint={form.description} inline>
      {(props) => <input type="checkbox" className="size-4.5 shrink-0 accent-(--accent)" checked={look(path).value === true} onChange={({ target }) => set(path, target.checked)} {...props} />}
    </FieldFrame>
  );
};

export const ChoiceControl = ({ path, form }: ValueProps) => {
  const { look, set } = useForm();
  const { value } = look(path);
  const chosen = typeof value === "string" ? value : "";
  return (
    <FieldFrame path={path} hint={form.description}>
      {(props) => (
        <Select value={chosen} onChange={({ target }) => set(path, target.value)} {...props}>
          {!(form.enum ?? []).includes(chosen) && <option value={chosen} disabled>{chosen === "" ? t("dna.origin.none") : chosen}</option>}
          {form.enum?.map((one) => <option key={one} value={one}>{choiceName(one)}</option>)}
        </Select>
      )}
    </FieldFrame>
  );
};

/** Texts in a list, one a line. */
export const LinesControl = ({ path, form }: ValueProps) => {
  const { look, set } = useForm();
  const { value } = look(path);
  const items = Array.isArray(value) ? value.map(String) : [];
  // An empty line that is being begun is no item yet.
  const [typed, setTyped] = useState<string | null>(null);
  const write = (text: string): void => {
    setTyped(text);
    set(path, text.split("\n").map((line) => line.trim()).filter((line) => line !== ""));
  };
  return (
    <FieldFrame path={path} hint={[form.description, t("dna.lines")].filter(Boolean).join(" · ")}>
      {(props) => <Textarea rows={Math.min(10, Math.max(2, items.length + 1))} value={typed ?? items.join("\n")} onChange={({ target }) => write(target.value)} onBlur={() => setTyped(null)} {...props} />}
    </FieldFrame>
  );
};
