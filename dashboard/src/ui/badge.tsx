import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const look = cva("inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap", {
  variants: { tone: { plain: "bg-raised text-quiet", accent: "bg-accent-soft text-text", good: "bg-good-soft text-good", warn: "bg-warn-soft text-warn", bad: "bg-bad-soft text-bad" } },
  defaultVariants: { tone: "plain" },
});
export type Tone = NonNullable<VariantProps<typeof look>["tone"]>;

export const Badge = ({ tone, className, ...rest }: ComponentProps<"span"> & VariantProps<typeof look>) => <span className={cn(look({ tone }), className)} {...rest} />;
