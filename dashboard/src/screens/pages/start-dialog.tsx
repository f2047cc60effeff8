import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { api, ok } from "@/api/client";
import type { Pipeline } from "@/api/page-queries";
import { usdOf } from "@/lib/money";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";
import { Problem } from "@/ui/problem";

interface Choice {
  label: string;
  every: string;
  options: readonly { slug: string; name: string }[];
  value: string;
  onChange: (value: string) => void;
}

const Choose = ({ label, every, options, value, onChange }: Choice) => (
  <Field label={label}>
    {(props) => (
      <Select value={value} onChange={({ target }) => onChange(target.value)} {...props}>
        <option value="">{every}</option>
        {options.map(({ slug, name }) => <option key={slug} value={slug}>{name}</option>)}
      </Select>
    )}
  </Field>
);

/** What a run may make and spend, said before it begins. */
export const StartDialog = ({ pipeline, open, onOpenChange }: { pipeline: Pipeline; open: boolean; onOpenChange: (open: boolean) => void }) => {
  const project = useProjectId();
  const queryClient = useQueryClient();
  const { publishing, estimate, most_pages } = pipeline;
  const [service, setService] = useState("");
  const [place, setPlace] = useState("");
  const [pages, setPages] = useState(String(most_pages));
  const [usd, setUsd] = useState("");
  const [publish, setPublish] = useState(publishing.target !== "none");
  const count = Math.min(Math.max(1, Number(pages) || 1), most_pages);
  const start = useMutation({
    mutationFn: async () =>
      ok(
        api.POST("/api/run", {
          body: {
            task: "manager",
            project_id: project,
            params: { max_pages: count, publish, ...(service === "" ? {} : { services: [service] }), ...(place === "" ? {} : { places: [place] }), ...(usd === "" ? {} : { max_usd: Number(usd) }) },
          },
        }),
      ),
    onSuccess: async () => {
      onOpenChange(false);
      toast(t("pages.started"));
      await queryClient.invalidateQueries({ queryKey: ["entities", "list", project] });
    },
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t("pages.startTitle")} description={t("pages.startWhy")}>
      <form className="grid gap-4" onSubmit={(event) => { event.preventDefault(); start.mutate(); }}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Choose label={t("pages.service")} every={t("pages.everyService")} options={pipeline.services} value={service} onChange={setService} />
          <Choose label={t("pages.place")} every={t("pages.everyPlace")} options={pipeline.places} value={place} onChange={setPlace} />
        </div>
        <Field label={t("pages.maxPages")} hint={t("pages.maxPagesHint", { count: most_pages })}>{(props) => <Input type="number" inputMode="numeric" min={1} max={most_pages} required value={pages} onChange={({ target }) => setPages(target.value)} {...props} />}</Field>
        <Field label={t("pages.maxUsd")} hint={t("pages.maxUsdHint", { from: usdOf(count * estimate.page_micros), to: usdOf(count * estimate.most_page_micros) })}>
          {(props) => <Input type="number" inputMode="decimal" min={0} step="any" placeholder={t("pages.maxUsdNone")} value={usd} onChange={({ target }) => setUsd(target.value)} {...props} />}
        </Field>
        {publishing.target === "none" ? (
          <p className="text-[13px] text-quiet">{t("pages.publishNone")}</p>
        ) : (
          <label className="flex items-start gap-3 text-sm">
            <input type="checkbox" checked={publish} onChange={({ target }) => setPublish(target.checked)} className="mt-0.5 size-4 accent-(--accent)" />
            <span><span className="font-medium">{t("pages.publish")}</span><span className="block text-[13px] text-quiet">{t("pages.publishHint", { target: t(`pages.target.${publishing.target}`) })}</span></span>
          </label>
        )}
        {start.isError && <Problem error={start.error} />}
        <Button kind="main" type="submit" disabled={start.isPending}>{t("pages.start")}</Button>
      </form>
    </Dialog>
  );
};
