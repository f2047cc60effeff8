import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";

const Palette = lazy(async () => import("./palette.tsx").then((module) => ({ default: module.Palette })));

/** Opened by Ctrl K or ⌘K; loaded the first time. */
export const usePalette = (): { open: () => void; palette: ReactNode } => {
  const [shown, setShown] = useState<boolean>();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setShown((was) => was !== true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return { open: () => setShown(true), palette: shown === undefined ? null : <Suspense><Palette open={shown} onOpenChange={setShown} /></Suspense> };
};
