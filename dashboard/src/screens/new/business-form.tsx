import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiProblem } from "@/api/client";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Problem } from "@/ui/problem";
import { countries } from "./countries.ts";
import type { Business } from "./start-onboarding.ts";

/** The trades that we have a DNA for; any other is welcome. */
const TRADES = ["plumber", "lawyer", "locksmith", "electrician", "roofer", "dentist"];

interface BusinessFormProps {
  initial: Business;
  pending: boolean;
  error: Error | null;
  onSubmit: (business: Business) => void;
}

/** What onboarding has to be told; everything else it finds, or asks. */
export const BusinessForm = ({ initial, pending, error, onSubmit }: BusinessFormProps) => {
  const { register, handleSubmit, watch } = useForm<Business>({ defaultValues: initial });
  const [all] = useState(countries);
  const errorOf = (field: keyof Business): string | undefined => (error instanceof ApiProblem ? error.fields.find(({ path }) => path.split(".").at(-1) === field)?.message : undefined);
  const isNamed = error instanceof ApiProblem && error.fields.some(({ path }) => Object.hasOwn(initial, path.split(".").at(-1) ?? ""));
  const submit = ({ website, ...rest }: Business): void => onSubmit({ ...rest, website: website === "" || /^https?:\/\//i.test(website) ? website : `https://${website}` });
  return (
    <form className="grid gap-4 p-5" onSubmit={(event) => void handleSubmit(submit)(event)}>
      <Field label={t("onboarding.new.name")} error={errorOf("business_name")}>{(props) => <Input required maxLength={120} autoComplete="organization" {...props} {...register("business_name")} />}</Field>
      <Field label={t("onboarding.new.website")} hint={t("onboarding.new.websiteHint")} error={errorOf("website")}>{(props) => <Input inputMode="url" maxLength={2048} placeholder="https://" {...props} {...register("website", { setValueAs: (text: string) => text.trim() })} />}</Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("onboarding.new.trade")} hint={t("onboarding.new.tradeHint")} error={errorOf("niche")}>{(props) => <Input required maxLength={60} list="trades" {...props} {...register("niche")} />}</Field>
        <datalist id="trades">{TRADES.map((trade) => <option key={trade} value={trade} />)}</datalist>
        <Field label={t("onboarding.new.country")} error={errorOf("country")}>{(props) => <Select {...props} {...register("country")}>{all.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}</Select>}</Field>
      </div>
      <Field label={t("onboarding.new.phone")} hint={t("onboarding.new.phoneHint")} error={errorOf("phone")}>{(props) => <Input required type="tel" autoComplete="tel" maxLength={40} {...props} {...register("phone")} />}</Field>
      <Button kind="main" type="submit" disabled={pending}>{t(pending ? "onboarding.new.starting" : watch("website") === "" ? "onboarding.new.startWithout" : "onboarding.new.start")}</Button>
      {error !== null && !isNamed && <Problem error={error} />}
    </form>
  );
};
