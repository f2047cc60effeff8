import { Undo2 } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import type { Path } from "../text/yaml-text.ts";
import { useForm } from "./form-context.ts";
import { layerName, nameOf } from "./names.ts";

/** The layer that a value comes from, and the way back to what lies below one's own. */
const Origin = ({ path }: { path: Path }) => {
  const { look, originAt, originBelow, remove, readOnly } = useForm();
  const { own } = look(path);
  return (
    <span className="flex shrink-0 items-center gap-1">
      <Badge tone={own ? "accent" : "plain"}>{layerName(originAt(path))}</Badge>
      {own && !readOnly && (
        <Button kind="quiet" size="icon" className="size-7 min-h-7" aria-label={t("dna.reset", { name: nameOf(path) })} title={`${t("dna.reset", { name: nameOf(path) })} (${layerName(originBelow(path))})`} onClick={() => remove(path)}>
          <Undo2 size={14} />
        </Button>
      )}
    </span>
  );
};

/** Of an item in a list the whole list has an origin, not its parts. */
const isInList = (path: Path): boolean => path.some((key) => typeof key === "number");

export interface ControlProps {
  id: string;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
  disabled: boolean;
}

interface FieldFrameProps {
  path: Path;
  hint?: string | undefined;
  /** The control stands before its label: a box to tick. */
  inline?: boolean;
  children: (props: ControlProps) => ReactNode;
}

/** A control with its name, origin, help and mistake. */
export const FieldFrame = ({ path, hint, inline = false, children }: FieldFrameProps) => {
  const { mistakeAt, show, readOnly } = useForm();
  const id = useId();
  const mistake = mistakeAt(path, true);
  const note = mistake ?? hint;
  const control = children({ id, "aria-invalid": mistake !== undefined, "aria-describedby": note === undefined ? undefined : `${id}-note`, disabled: readOnly });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-1.5" data-path={path.join(".")} onFocusCapture={() => show(path)}>
      <div className="flex min-h-7 items-center justify-between gap-2">
        <span className="flex min-w-0 items-center gap-2.5">
          {inline && control}
          <label htmlFor={id} className="min-w-0 text-sm font-medium">{nameOf(path)}</label>
        </span>
        {!isInList(path) && <Origin path={path} />}
      </div>
      {!inline && control}
      {note !== undefined && <p id={`${id}-note`} className={cn("text-[13px] [overflow-wrap:anywhere]", mistake === undefined ? "text-quiet" : "text-bad")}>{note}</p>}
    </div>
  );
};

/** Several controls that are one value. */
export const GroupFrame = ({ path, hint, origin = true, children }: { path: Path; hint?: string | undefined; origin?: boolean; children: ReactNode }) => {
  const { mistakeAt, show } = useForm();
  const id = useId();
  const mistake = mistakeAt(path);
  return (
    <fieldset aria-labelledby={id} className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-3 rounded-lg border p-3" data-path={path.join(".")} onFocusCapture={(event) => event.target === event.currentTarget && show(path)}>
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 id={id} className="text-sm font-semibold">{nameOf(path)}</h3>
        {origin && !isInList(path) && <Origin path={path} />}
      </div>
      {hint !== undefined && <p className="-mt-2 text-[13px] text-quiet [overflow-wrap:anywhere]">{hint}</p>}
      {mistake !== undefined && <p role="alert" className="text-[13px] text-bad">{mistake}</p>}
      {children}
    </fieldset>
  );
};
