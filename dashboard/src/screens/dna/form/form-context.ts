import { createContext, use } from "react";
import { inheritedList, type Look, lookAt, originOf } from "../text/layers.ts";
import { formsAt, type JsonSchema } from "../text/json-schema.ts";
import { moveIn, removeIn, setIn, withValue } from "../text/yaml-change.ts";
import { isRecord, type Mistake, type Path } from "../text/yaml-text.ts";

interface FormSources {
  /** The custom layer as YAML, and as what it says. */
  text: string;
  custom: Readonly<Record<string, unknown>>;
  /** What holds where it says nothing, and which layer says so. */
  beneath: unknown;
  origins: Readonly<Record<string, string>>;
  schema: JsonSchema;
  mistakes: readonly Mistake[];
  readOnly: boolean;
  write: (text: string) => void;
  /** Shows where a value stands in the YAML; with `focus`, goes there. */
  show: (path: Path, focus?: boolean) => void;
}

export interface FormAccess extends Pick<FormSources, "readOnly" | "show"> {
  look: (path: Path) => Look;
  /** The layer that says what holds at `path`. */
  originAt: (path: Path) => string | null;
  /** The layer below the custom one. */
  originBelow: (path: Path) => string | null;
  forms: (path: Path) => JsonSchema[];
  /** What is wrong with the value at `path`; with what is in it too when `inside`. */
  mistakeAt: (path: Path, inside?: boolean) => string | undefined;
  set: (path: Path, value: unknown) => void;
  /** Has the layers below speak again; an item of a list goes. */
  remove: (path: Path) => void;
  move: (path: Path, from: number, to: number) => void;
}

/** The form over a text: all it changes, it changes there. */
export const accessOf = ({ text, custom, beneath, origins, schema, mistakes, readOnly, write, show }: FormSources): FormAccess => {
  const look = (path: Path): Look => lookAt(custom, beneath, path);
  const set = (path: Path, value: unknown): void => {
    const list = inheritedList(custom, beneath, path);
    write(list === null ? setIn(text, path, value) : setIn(text, list, withValue(look(list).value, path.slice(list.length), value)));
  };
  /** To change an inherited list is to say all of it. */
  const change = (path: Path, mine: () => string, items: (list: readonly unknown[]) => unknown[]): void => {
    const { value, own } = look(path);
    if (own || !Array.isArray(value)) write(mine());
    else set(path, items(value));
  };
  return {
    readOnly,
    show,
    look,
    originAt: (path) => (look(path).own ? "custom" : originOf(origins, path)),
    originBelow: (path) => originOf(origins, path),
    forms: (path) => formsAt(schema, path),
    mistakeAt: (path, inside = false) => {
      const name = path.join(".");
      return mistakes.find((mistake) => mistake.path === name || (inside && mistake.path.startsWith(`${name}.`)))?.message;
    },
    set,
    remove: (path) => {
      const last = path.at(-1);
      if (typeof last === "number") change(path.slice(0, -1), () => removeIn(text, path), (list) => list.filter((_, index) => index !== last));
      else if (inheritedList(custom, beneath, path) !== null) set(path.slice(0, -1), without(look(path.slice(0, -1)).value, last));
      else write(removeIn(text, path));
    },
    move: (path, from, to) => change(path, () => moveIn(text, path, from, to), (list) => list.toSpliced(from, 1).toSpliced(to, 0, list[from])),
  };
};

const without = (value: unknown, name: string | undefined): unknown => (isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) : value);

const FormContext = createContext<FormAccess | null>(null);
export const FormProvider = FormContext.Provider;

export const useForm = (): FormAccess => {
  const access = use(FormContext);
  if (access === null) throw new Error("a field outside of its form");
  return access;
};
