import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useState } from "react";
import type { Entity } from "@/api/queries";
import { t } from "@/lib/words";
import { LeadRow } from "./lead-rows.tsx";

const USUAL_HEIGHT = 45;
/** Rows beyond the window's edge, so that the keys j and k find the next. */
const BEYOND = 12;

interface LongLeadsProps {
  ref: RefObject<HTMLUListElement | null>;
  leads: readonly Entity[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string) => void;
  hasMore: boolean;
  onMore: () => void;
}

/** As many rows as the window shows, whatever there are; the next page is read when its place comes near. */
export const LongLeads = ({ ref, leads, chosen, onToggle, hasMore, onMore }: LongLeadsProps) => {
  const [top, setTop] = useState(0);
  useEffect(() => {
    const list = ref.current;
    if (list === null) return undefined;
    const measure = (): void => setTop(list.getBoundingClientRect().top + window.scrollY);
    measure();
    // What stands above it comes and goes.
    const watch = new ResizeObserver(measure);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [ref]);
  const rows = useWindowVirtualizer({ count: leads.length, estimateSize: () => USUAL_HEIGHT, overscan: BEYOND, scrollMargin: top, getItemKey: (at) => leads[at]?.id ?? at });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && last >= leads.length - BEYOND) onMore();
  }, [hasMore, last, leads.length, onMore]);
  return (
    <ul ref={ref} className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.map(({ key, index, start }) => {
        const lead = leads[index];
        if (lead === undefined) return null;
        return (
          <li key={key} ref={rows.measureElement} data-index={index} aria-setsize={hasMore ? -1 : leads.length} aria-posinset={index + 1} style={{ transform: `translateY(${start - top}px)` }} className="absolute inset-x-0 top-0 flex items-center gap-3 border-b px-4 hover:bg-raised">
            <input type="checkbox" aria-label={`${t("leads.setStatus")}: ${lead.name === "" ? lead.primary_contact : lead.name}`} checked={chosen.has(lead.id)} onChange={() => onToggle(lead.id)} className="size-4 shrink-0 accent-(--accent)" />
            <LeadRow lead={lead} />
          </li>
        );
      })}
    </ul>
  );
};
