import { CornerDownRight } from "lucide-react";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { kindOf } from "../text/json-schema.ts";
import { isRecord, type Path } from "../text/yaml-text.ts";
import { ChoiceControl, LinesControl, NumberControl, TextControl, ToggleControl, type ValueProps } from "./controls.tsx";
import { GroupFrame } from "./field-head.tsx";
import { useForm } from "./form-context.ts";
import { HolidaysControl, HoursControl } from "./hours-control.tsx";
import { ItemsControl, PairsControl } from "./lists-control.tsx";

/** What no form does justice to. */
const InYaml = ({ path, form }: ValueProps) => {
  const { look, show } = useForm();
  const { value } = look(path);
  const names = isRecord(value) ? Object.keys(value) : [];
  return (
    <GroupFrame path={path} hint={form.description}>
      <p className="text-sm">{names.length === 0 ? t("dna.none") : names.join(", ")}</p>
      <div className="flex flex-wrap items-center gap-2 text-[13px] text-quiet">{t("dna.inYaml")}<Button size="small" kind="quiet" onClick={() => show(path, true)}><CornerDownRight size={14} />{t("dna.show")}</Button></div>
    </GroupFrame>
  );
};

const field = (path: Path) => <DnaField path={path} />;

/** A value of the DNA, in the control that its schema asks for. */
export const DnaField = ({ path }: { path: Path }) => {
  const forms = useForm().forms(path);
  const [form] = forms;
  if (form === undefined) return null;
  switch (kindOf(forms)) {
    case "text": return <TextControl path={path} form={form} />;
    case "long": return <TextControl path={path} form={form} long />;
    case "number": return <NumberControl path={path} form={form} />;
    case "toggle": return <ToggleControl path={path} form={form} />;
    case "choice": return <ChoiceControl path={path} form={form} />;
    case "lines": return <LinesControl path={path} form={form} />;
    case "hours": return <HoursControl path={path} form={form} />;
    case "holidays": return <HolidaysControl path={path} form={form} />;
    case "items": return <ItemsControl path={path} form={form} field={field} />;
    case "pairs": return <PairsControl path={path} form={form} />;
    case "group":
      return (
        <GroupFrame path={path} hint={form.description} origin={false}>
          <div className="grid gap-4 sm:grid-cols-[repeat(auto-fit,minmax(13rem,1fr))]">
            {Object.keys(form.properties ?? {}).map((name) => <DnaField key={name} path={[...path, name]} />)}
          </div>
        </GroupFrame>
      );
    default: return <InYaml path={path} form={form} />;
  }
};
