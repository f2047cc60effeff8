import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

/** A surface with what belongs together on it. */
export const Panel = ({ title, action, className, children, ...rest }: Omit<ComponentProps<"section">, "title"> & { title?: ReactNode; action?: ReactNode }) => (
  <section className={cn("rounded-xl border bg-surface", className)} {...rest}>
    {title !== undefined && (
      <header className="flex min-h-12 items-center justify-between gap-3 border-b px-4 py-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {action}
      </header>
    )}
    {children}
  </section>
);

export const Skeleton = ({ className }: { className?: string }) => <div aria-hidden className={cn("animate-pulse rounded-md bg-raised", className)} />;

/** While a list is on its way: its shape rather than a wheel. */
export const SkeletonRows = ({ rows = 6 }: { rows?: number }) => (
  <div aria-busy="true" className="grid gap-3 p-4">
    {Array.from({ length: rows }, (_, row) => <Skeleton key={row} className="h-10" />)}
  </div>
);

/** Nothing there: what would be, and what to do for it. */
export const Empty = ({ icon, title, children, action }: { icon?: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) => (
  <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
    {icon !== undefined && <div aria-hidden className="mb-1 grid size-11 place-items-center rounded-full bg-raised text-quiet">{icon}</div>}
    <p className="font-medium">{title}</p>
    {children !== undefined && <p className="max-w-md text-sm text-quiet">{children}</p>}
    {action !== undefined && <div className="mt-3">{action}</div>}
  </div>
);
