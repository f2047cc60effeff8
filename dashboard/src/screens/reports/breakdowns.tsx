import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { durationOf, numberOf, percentOf } from "@/lib/format";
import { t } from "@/lib/words";
import { Empty, Panel } from "@/ui/panel";

type Stats = Schemas["Stats"];

/** A bar with its name and figure as text: nothing is told by its length alone. */
const Bar = ({ name, share, children }: { name: string; share: number; children: ReactNode }) => (
  <li className="grid grid-cols-[minmax(5.5rem,9rem)_1fr] items-center gap-x-3 gap-y-1">
    <span className="truncate text-sm" title={name}>{name}</span>
    <span className="flex items-center gap-2.5">
      <span aria-hidden className="h-5 rounded-sm bg-accent/80" style={{ width: `${Math.max(share * 62, 0.6)}%` }} />
      <span className="tabular text-[13px] whitespace-nowrap text-quiet">{children}</span>
    </span>
  </li>
);

const Bars = ({ children }: { children: ReactNode }) => <ul className="grid gap-2 p-4">{children}</ul>;

export const Funnel = ({ funnel }: { funnel: Stats["funnel"] }) => {
  const steps = [["leads", funnel.leads], ["called", funnel.called], ["connected", funnel.connected], ["booked", funnel.booked]] as const;
  return (
    <Panel title={t("reports.funnel")}>
      <Bars>
        {steps.map(([name, count]) => (
          <Bar key={name} name={t(`reports.${name}`)} share={funnel.leads === 0 ? 0 : count / funnel.leads}>
            <strong className="text-text">{numberOf(count)}</strong>{name !== "leads" && funnel.leads > 0 && ` · ${percentOf(count / funnel.leads)}`}
          </Bar>
        ))}
      </Bars>
    </Panel>
  );
};

export const Distribution = ({ bars }: { bars: Stats["response_time"]["distribution"] }) => {
  const [total, most] = [bars.reduce((sum, { count }) => sum + count, 0), Math.max(1, ...bars.map(({ count }) => count))];
  return (
    <Panel title={t("reports.distribution")}>
      {total === 0 ? <Empty title={t("reports.noAttempts")} /> : (
        <Bars>
          {bars.map(({ up_to_ms, count }) => (
            <Bar key={up_to_ms ?? "over"} name={up_to_ms === null ? t("reports.over") : t("reports.under", { time: durationOf(up_to_ms) })} share={count / most}>
              <strong className="text-text">{percentOf(count / total)}</strong> · {numberOf(count)}
            </Bar>
          ))}
        </Bars>
      )}
    </Panel>
  );
};

/** A column an hour, as high as the share that was reached; how many there were is in its words. */
export const ByHour = ({ hours }: { hours: Stats["connect"]["by_hour"] }) => {
  const known = new Map(hours.map((one) => [one.hour, one]));
  return (
    <Panel title={t("reports.byHour")}>
      {hours.length === 0 ? <Empty title={t("reports.noAttempts")} /> : (
        <ol className="flex h-56 items-end gap-0.5 p-4">
          {Array.from({ length: 24 }, (_, hour) => {
            const { connected = 0, attempted = 0, connect_rate = null } = known.get(hour) ?? {};
            const words = t("reports.hourFigure", { hour, share: connect_rate === null ? "–" : percentOf(connect_rate), connected, attempted });
            return (
              <li key={hour} title={words} className="flex h-full min-w-0 flex-1 flex-col justify-end gap-1 text-center">
                <span className="sr-only">{words}</span>
                <span aria-hidden className="rounded-t-sm bg-accent" style={{ height: `${(connect_rate ?? 0) * 85}%`, opacity: attempted === 0 ? 0 : 0.45 + 0.55 * Math.min(1, attempted / 20) }} />
                <span aria-hidden className="tabular h-4 overflow-visible text-[10px] text-quiet">{hour % 6 === 0 ? hour : ""}</span>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
};

export const ByPerson = ({ stats }: { stats: Stats }) => {
  const times = new Map(stats.response_time.by_person.map(({ person, form_to_owner_answer_ms }) => [person, form_to_owner_answer_ms.p50]));
  return (
    <Panel title={t("reports.byPerson")}>
      {stats.connect.by_person.length === 0 ? <Empty title={t("reports.noAttempts")} /> : (
        <Bars>
          {stats.connect.by_person.map(({ person, connect_rate, connected, attempted }) => {
            const median = times.get(person) ?? null;
            return (
              <Bar key={person} name={person} share={connect_rate ?? 0}>
                <strong className="text-text">{connect_rate === null ? "–" : percentOf(connect_rate)}</strong> · {t("reports.attempts", { connected: numberOf(connected), attempted: numberOf(attempted) })}{median === null ? "" : ` · ${durationOf(median)}`}
              </Bar>
            );
          })}
        </Bars>
      )}
    </Panel>
  );
};
