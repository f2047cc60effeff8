import { Plus, X } from "lucide-react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input, Textarea } from "@/ui/field";
import { DAYS, type Hours, type Service } from "./setup.schemas.ts";

interface EditorProps<T> {
  name: string;
  value: T;
  onChange: (value: T) => void;
}

export const TextEditor = ({ name, value, onChange }: EditorProps<string>) => <Field label={name}>{(props) => <Input value={value} onChange={({ target }) => onChange(target.value)} maxLength={300} {...props} />}</Field>;

export const ListEditor = ({ name, value, onChange }: EditorProps<readonly string[]>) => (
  <Field label={name} hint={t("onboarding.review.lines")}>{(props) => <Textarea rows={6} value={value.join("\n")} onChange={({ target }) => onChange(target.value.split("\n"))} {...props} />}</Field>
);

/** One text a day; what it says is judged by the API, which knows all the ways to say it. */
export const HoursEditor = ({ value, onChange }: EditorProps<Hours>) => (
  <div className="grid gap-3">
    <p className="text-[13px] text-quiet">{t("onboarding.review.hoursHint")}</p>
    {DAYS.map((day) => (
      <label key={day} className="grid grid-cols-[6.5rem_1fr] items-center gap-3 text-sm">
        {t(`onboarding.review.days.${day}`)}
        <Input value={(value[day] ?? []).join(", ")} placeholder={t("onboarding.review.closed")} onChange={({ target }) => onChange({ ...value, [day]: target.value === "" ? [] : target.value.split(/,\s*/) })} />
      </label>
    ))}
  </div>
);

export const ServicesEditor = ({ value, onChange }: EditorProps<readonly Service[]>) => {
  const change = (at: number, service: Service): void => onChange(value.map((known, index) => (index === at ? service : known)));
  return (
    <div className="grid gap-2">
      {value.map((service, at) => (
        <div key={at} className="grid grid-cols-[1fr_6.5rem_auto] gap-2">
          <Input aria-label={`${t("onboarding.review.serviceName")} ${at + 1}`} value={service.name} onChange={({ target }) => change(at, { ...service, name: target.value })} maxLength={120} />
          <Input aria-label={`${t("onboarding.review.priceLabel")} ${at + 1}`} type="number" min={0} step="any" inputMode="decimal" placeholder={t("onboarding.review.priceLabel")} value={service.price_from ?? ""} onChange={({ target }) => { const { price_from: _, ...rest } = service; change(at, target.value === "" ? rest : { ...rest, price_from: Number(target.value) }); }} />
          <Button kind="quiet" size="icon" aria-label={t("onboarding.review.removeService", { name: service.name })} onClick={() => onChange(value.filter((_, index) => index !== at))}><X size={15} /></Button>
        </div>
      ))}
      <div><Button size="small" onClick={() => onChange([...value, { name: "" }])}><Plus aria-hidden size={14} />{t("onboarding.review.addService")}</Button></div>
    </div>
  );
};
