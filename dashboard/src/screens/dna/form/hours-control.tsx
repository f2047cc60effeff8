import { Copy, Plus, Trash2 } from "lucide-react";
import { cn } from "@/lib/cn";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { isRecord, type Path } from "../text/yaml-text.ts";
import type { ValueProps } from "./controls.tsx";
import { GroupFrame } from "./field-head.tsx";
import { useForm } from "./form-context.ts";
import { nameOf } from "./names.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const WORKING_DAYS = ["mon", "tue", "wed", "thu", "fri"] as const;
const USUAL = "08:00-17:00";
const ALL_DAY = "24h";

/** Without the clock that opens a picker: two of them stand in a narrow column. */
const TIME = "w-24 px-2 [&::-webkit-calendar-picker-indicator]:hidden";

type Day = (typeof DAYS)[number];

const windowsOf = (value: unknown, day: Day): string[] => {
  const windows = isRecord(value) ? value[day] : undefined;
  return Array.isArray(windows) ? windows.map(String) : [];
};

const Windows = ({ day, windows, write }: { day: Day; windows: readonly string[]; write: (windows: string[]) => void }) => {
  const { readOnly } = useForm();
  const name = t(`dna.days.${day}`);
  const kind = windows.length === 0 ? "closed" : windows.includes(ALL_DAY) ? "allDay" : "windows";
  return (
    <div className="grid gap-2 border-t py-2 first:border-t-0 sm:grid-cols-[5.5rem_minmax(0,1fr)]">
      <span className="text-sm sm:pt-2">{name}</span>
      <div className="flex min-w-0 flex-wrap gap-2">
      <Select className="w-30 shrink-0" aria-label={`${name}: ${t("dna.hours.which")}`} disabled={readOnly} value={kind} onChange={({ target }) => write(target.value === "closed" ? [] : [target.value === "allDay" ? ALL_DAY : USUAL])}>
        {(["closed", "windows", "allDay"] as const).map((one) => <option key={one} value={one}>{t(one === "windows" ? "dna.hours.open" : `dna.hours.${one}`)}</option>)}
      </Select>
      {kind === "windows" && (
        <div className="grid gap-2">
          {windows.map((window, index) => {
            const [from = "", to = ""] = window.split("-");
            const change = (next: string): void => write(windows.map((old, at) => (at === index ? next : old)));
            return (
              <div key={index} className="flex items-center gap-1">
                <Input type="time" aria-label={t("dna.hours.from", { day: name })} disabled={readOnly} value={from} className={TIME} onChange={({ target }) => change(`${target.value}-${to}`)} />
                <span aria-hidden>–</span>
                <Input type="time" aria-label={t("dna.hours.to", { day: name })} disabled={readOnly} value={to === "24:00" ? "00:00" : to} className={TIME} onChange={({ target }) => change(`${from}-${target.value}`)} />
                <Button kind="quiet" size="icon" className="size-8" disabled={readOnly} aria-label={t("dna.hours.remove", { day: name, from, to })} onClick={() => write(windows.filter((_, at) => at !== index))}><Trash2 size={15} /></Button>
                <Button kind="quiet" size="icon" disabled={readOnly} className={cn("size-8", index !== windows.length - 1 && "invisible")} aria-label={t("dna.hours.add", { day: name })} onClick={() => write([...windows, "18:00-20:00"])}><Plus size={15} /></Button>
              </div>
            );
          })}
        </div>
      )}
      </div>
    </div>
  );
};

/** Windows by weekday. Nothing at all is at any time; a day that is not named is closed. */
export const HoursControl = ({ path, form }: ValueProps) => {
  const { look, set, remove, readOnly } = useForm();
  const { value, below } = look(path);
  const isOpen = value === undefined || value === null;
  const at = (day: Day): Path => [...path, day];
  const choose = (windows: boolean): void => {
    if (windows) set(path, Object.fromEntries(WORKING_DAYS.map((day) => [day, [USUAL]])));
    else if (below === undefined) remove(path);
    else set(path, null);
  };
  return (
    <GroupFrame path={path} hint={form.description}>
      <div className="flex flex-wrap items-center gap-2">
        <Select aria-label={`${nameOf(path)}: ${t("dna.hours.which")}`} disabled={readOnly} className="max-w-44" value={isOpen ? "anytime" : "windows"} onChange={({ target }) => choose(target.value === "windows")}>
          {(["anytime", "windows"] as const).map((one) => <option key={one} value={one}>{t(`dna.hours.${one}`)}</option>)}
        </Select>
        {!isOpen && !readOnly && (
          <Button kind="quiet" size="small" onClick={() => set(path, { ...(isRecord(value) ? value : {}), ...Object.fromEntries(WORKING_DAYS.map((day) => [day, windowsOf(value, "mon")])) })}><Copy size={14} />{t("dna.hours.like")}</Button>
        )}
      </div>
      {!isOpen && <div>{DAYS.map((day) => <Windows key={day} day={day} windows={windowsOf(value, day)} write={(windows) => set(at(day), windows)} />)}</div>}
    </GroupFrame>
  );
};

const asRow = (item: unknown): { date: string; hours: string } =>
  isRecord(item) ? { date: typeof item["date"] === "string" ? item["date"] : "", hours: Array.isArray(item["hours"]) ? item["hours"].map(String).join(", ") : "" } : { date: String(item), hours: "" };

const asItem = ({ date, hours }: { date: string; hours: string }): unknown => (hours.trim() === "" ? date : { date, hours: hours.split(",").map((window) => window.trim()).filter((window) => window !== "") });

/** Dates: closed, or open in hours of their own. */
export const HolidaysControl = ({ path, form }: ValueProps) => {
  const { look, set, remove, mistakeAt, readOnly } = useForm();
  const { value } = look(path);
  const items: unknown[] = Array.isArray(value) ? value : [];
  const add = (): void => (items.length === 0 ? set(path, [""]) : set([...path, items.length], ""));
  return (
    <GroupFrame path={path} hint={form.description}>
      {items.map((item, index) => {
        const row = asRow(item);
        const mistake = mistakeAt([...path, index], true);
        const write = (next: Partial<typeof row>): void => set([...path, index], asItem({ ...row, ...next }));
        return (
          <div key={index} className="grid gap-1">
            <div className="flex items-center gap-1.5">
              <Input type="date" aria-label={t("dna.hours.date")} aria-invalid={mistake !== undefined} disabled={readOnly} value={row.date} className="max-w-40" onChange={({ target }) => write({ date: target.value })} />
              <Input aria-label={t("dna.hours.special")} placeholder={t("dna.hours.special")} disabled={readOnly} defaultValue={row.hours} onBlur={({ target }) => target.value !== row.hours && write({ hours: target.value })} className="min-w-0" />
              <Button kind="quiet" size="icon" disabled={readOnly} aria-label={t("dna.hours.removeDate", { date: row.date })} onClick={() => remove([...path, index])}><Trash2 size={15} /></Button>
            </div>
            {mistake !== undefined && <p className="text-[13px] text-bad">{mistake}</p>}
          </div>
        );
      })}
      {!readOnly && <div><Button size="small" onClick={add}><Plus size={14} />{t("dna.add")}</Button></div>}
    </GroupFrame>
  );
};
