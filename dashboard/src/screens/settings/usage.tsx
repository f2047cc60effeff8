import { useQuery } from "@tanstack/react-query";
import { Receipt } from "lucide-react";
import { useState } from "react";
import { api, ok, type Schemas } from "@/api/client";
import { numberOf } from "@/lib/format";
import { fineUsdOf } from "@/lib/money";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Field, Input, Select } from "@/ui/field";
import { Empty, Panel, SkeletonRows } from "@/ui/panel";
import { Problem } from "@/ui/problem";

type Usage = Schemas["Usage"];

const Figure = ({ name, value, note }: { name: string; value: string; note?: string }) => (
  <div className="grid gap-1 rounded-xl border bg-surface p-4"><dt className="text-[13px] text-quiet">{name}</dt><dd className="tabular text-xl font-semibold">{value}</dd>{note !== undefined && <dd className="tabular text-xs text-quiet">{note}</dd>}</div>
);

const Figures = ({ usage }: { usage: Usage }) => (
  <dl className="grid grid-cols-2 gap-3 xl:grid-cols-4">
    <Figure name={t("settings.usage.total")} value={fineUsdOf(usage.total_cost_micros)} />
    <Figure name={t("settings.usage.calls")} value={numberOf(usage.calls.quantity)} note={fineUsdOf(usage.calls.cost_micros)} />
    <Figure name={t("settings.usage.minutes")} value={numberOf(usage.minutes.quantity)} note={fineUsdOf(usage.minutes.cost_micros)} />
    <Figure name={t("settings.usage.sms")} value={numberOf(usage.sms.quantity)} note={fineUsdOf(usage.sms.cost_micros)} />
    <Figure name={t("settings.usage.tokens")} value={numberOf(usage.model_tokens.input + usage.model_tokens.output)} note={fineUsdOf(usage.model_tokens.cost_micros)} />
    <Figure name={t("settings.usage.perLead")} value={usage.per_lead.cost_micros === null ? "–" : fineUsdOf(usage.per_lead.cost_micros)} note={numberOf(usage.per_lead.count)} />
    <Figure name={t("settings.usage.perBooking")} value={usage.per_booking.cost_micros === null ? "–" : fineUsdOf(usage.per_booking.cost_micros)} note={numberOf(usage.per_booking.count)} />
  </dl>
);

const Budget = ({ models }: { models: Usage["budget"]["models"] }) => {
  const periods = [[t("settings.usage.today"), models.day], [t("settings.usage.thisMonth"), models.month]] as const;
  return (
    <Panel title={t("settings.usage.budget")}>
      <dl className="grid gap-4 p-5 sm:grid-cols-2">
        {periods.map(([name, { spent_micros, cap_micros }]) => (
          <div key={name} className="grid gap-1.5 text-sm">
            <dt className="text-quiet">{name}</dt>
            <dd className="tabular">{cap_micros === null ? t("settings.usage.noCap", { spent: fineUsdOf(spent_micros) }) : t("settings.usage.of", { spent: fineUsdOf(spent_micros), cap: fineUsdOf(cap_micros) })}</dd>
            {cap_micros !== null && <dd><progress aria-label={name} value={Math.min(spent_micros, cap_micros)} max={cap_micros} className="h-1.5 w-full accent-(--accent)" /></dd>}
          </div>
        ))}
      </dl>
    </Panel>
  );
};

const Days = ({ items }: { items: Usage["items"] }) => (
  <Panel title={t("settings.usage.days")}>
    {items.length === 0 ? <Empty icon={<Receipt size={20} />} title={t("settings.usage.none")}>{t("settings.usage.noneWhy")}</Empty> : (
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t("settings.usage.days")}>
        <table className="w-full text-left text-sm">
          <thead className="text-xs text-quiet"><tr>{(["day", "kind", "quantity", "cost"] as const).map((name) => <th key={name} className="px-5 py-2 font-normal last:text-right">{t(`settings.usage.${name}`)}</th>)}</tr></thead>
          <tbody className="divide-y">
            {items.map(({ day, kind, detail, quantity, cost_micros }) => (
              <tr key={day + kind + detail}><td className="tabular px-5 py-2">{day}</td><td className="px-5 py-2">{kind.replaceAll("_", " ")} <span className="text-quiet">{detail}</span></td><td className="tabular px-5 py-2">{numberOf(quantity)}</td><td className="tabular px-5 py-2 text-right">{fineUsdOf(cost_micros)}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Panel>
);

export const UsageSection = () => {
  const project_id = useProjectId();
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const [isWhole, setWhole] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ["usage", isWhole ? null : project_id, month], queryFn: async () => ok(api.GET("/api/usage", { params: { query: { month, ...(isWhole ? {} : { project_id }) } } })) });
  return (
    <>
      <Panel title={t("settings.usage.title")}>
        <div className="grid gap-3 p-5 sm:grid-cols-2">
          <Field label={t("settings.usage.month")}>{(props) => <Input type="month" required value={month} onChange={({ target }) => { if (target.value !== "") setMonth(target.value); }} {...props} />}</Field>
          <Field label={t("settings.usage.scope")}>{(props) => <Select value={isWhole ? "whole" : "this"} onChange={({ target }) => setWhole(target.value === "whole")} {...props}><option value="this">{t("settings.usage.thisBusiness")}</option><option value="whole">{t("settings.usage.wholeAccount")}</option></Select>}</Field>
        </div>
        <p className="border-t px-5 py-3 text-[13px] text-quiet">{t("settings.usage.estimate")}</p>
      </Panel>
      {error !== null && <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <SkeletonRows />}
      {data !== undefined && <><Figures usage={data} /><Budget models={data.budget.models} /><Days items={data.items} /></>}
    </>
  );
};
