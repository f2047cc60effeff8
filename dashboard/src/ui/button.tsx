import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { Slot } from "radix-ui";
import { cn } from "@/lib/cn";

const look = cva("inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3.5 text-sm font-medium transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55", {
  variants: {
    kind: {
      main: "bg-accent text-accent-text hover:brightness-110",
      plain: "border bg-surface hover:bg-raised",
      quiet: "text-quiet hover:bg-raised hover:text-text",
      danger: "border border-bad/40 bg-surface text-bad hover:bg-bad-soft",
    },
    size: { usual: "", small: "min-h-8 px-2.5 text-[13px]", icon: "size-9 px-0" },
  },
  defaultVariants: { kind: "plain", size: "usual" },
});

export const Button = ({ className, kind, size, asChild = false, type = "button", ...rest }: ComponentProps<"button"> & VariantProps<typeof look> & { asChild?: boolean }) => {
  const Element = asChild ? Slot.Root : "button";
  return <Element className={cn(look({ kind, size }), className)} {...(asChild ? {} : { type })} {...rest} />;
};
