import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

const box = "min-h-9 w-full rounded-lg border bg-surface px-3 text-sm text-text placeholder:text-quiet aria-invalid:border-bad";

export const Input = ({ className, ...rest }: ComponentProps<"input">) => <input className={cn(box, className)} {...rest} />;
export const Textarea = ({ className, ...rest }: ComponentProps<"textarea">) => <textarea className={cn(box, "py-2", className)} {...rest} />;
export const Select = ({ className, ...rest }: ComponentProps<"select">) => <select className={cn(box, "pr-8", className)} {...rest} />;

interface FieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  children: (props: { id: string; "aria-invalid": boolean; "aria-describedby": string | undefined }) => ReactNode;
}

/** A control with its label, what helps to fill it in, and what is wrong with it, tied together for whoever hears the page. */
export const Field = ({ label, hint, error, children }: FieldProps) => {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      {children({ id, "aria-invalid": error !== undefined, "aria-describedby": note === undefined ? undefined : `${id}-note` })}
      {note !== undefined && <p id={`${id}-note`} className={cn("text-[13px]", error === undefined ? "text-quiet" : "text-bad")}>{note}</p>}
    </div>
  );
};
