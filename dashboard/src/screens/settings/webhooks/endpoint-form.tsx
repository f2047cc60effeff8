import { useMutation, useQuery } from "@tanstack/react-query";
import type { ComponentProps } from "react";
import { useForm } from "react-hook-form";
import { api, ApiProblem, ok, type Schemas } from "@/api/client";
import { projectsQuery } from "@/api/queries";
import { t } from "@/lib/words";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Problem } from "@/ui/problem";
import type { Endpoint } from "./queries.ts";

type Added = Schemas["NewWebhookEndpoint"];
type Event = Schemas["WebhookEvent"];
/** Whole by its type: an event that the API has and this list has not does not compile. */
const EVENTS = Object.keys({ "lead.created": true, "lead.status_changed": true, "lead.erased": true, "call.ended": true, "call.analysed": true, "message.received": true, "page.published": true, "run.dead": true } satisfies Record<Event, true>) as Event[];

interface Values {
  url: string;
  description: string;
  project_id: string;
  events: Event[];
}

const changed = async (id: string, { url, description, events }: Values): Promise<Added> => ok(api.PATCH("/api/webhook-endpoints/{id}", { params: { path: { id } }, body: { url: url.trim(), description, events } }));
const added = async ({ url, description, events, project_id }: Values): Promise<Added> => ok(api.POST("/api/webhook-endpoints", { body: { url: url.trim(), description, events, ...(project_id === "" ? {} : { project_id }) } }));

const Business = (props: ComponentProps<"select">) => {
  const { data } = useQuery(projectsQuery);
  return (
    <Select {...props}>
      <option value="">{t("settings.webhooks.anyBusiness")}</option>
      {data?.items.map(({ project_id, name }) => <option key={project_id} value={project_id}>{name}</option>)}
    </Select>
  );
};

/** @param endpoint to be changed; absent: a new one */
export const EndpointForm = ({ endpoint, onDone }: { endpoint?: Endpoint; onDone: (added: Added) => void }) => {
  const { register, handleSubmit, watch } = useForm<Values>({
    defaultValues: { url: endpoint?.url ?? "", description: endpoint?.description ?? "", project_id: endpoint?.project_id ?? "", events: EVENTS.filter((event) => (endpoint?.events ?? ["lead.created"]).includes(event)) },
  });
  const save = useMutation({ mutationFn: async (values: Values) => (endpoint === undefined ? added(values) : changed(endpoint.id, values)), onSuccess: onDone });
  const wrong = save.error instanceof ApiProblem ? save.error.fields.find(({ path }) => path.endsWith("url"))?.message : undefined;
  return (
    <form className="grid gap-4" onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}>
      <Field label={t("settings.webhooks.url")} hint={t("settings.webhooks.urlHint")} error={wrong}>{(props) => <Input required type="url" maxLength={2048} autoComplete="off" {...props} {...register("url")} />}</Field>
      <Field label={t("settings.webhooks.description")}>{(props) => <Input maxLength={200} autoComplete="off" {...props} {...register("description")} />}</Field>
      {endpoint === undefined && <Field label={t("settings.webhooks.business")}>{(props) => <Business {...props} {...register("project_id")} />}</Field>}
      <fieldset className="grid gap-1">
        <legend className="mb-1.5 text-sm font-medium">{t("settings.webhooks.events")}</legend>
        {EVENTS.map((event) => (
          <label key={event} className="flex min-h-7 items-center gap-2.5 text-sm">
            <input type="checkbox" value={event} className="size-4 shrink-0 accent-(--accent)" {...register("events")} />
            <span className="flex flex-wrap items-baseline gap-x-2.5">{t(`settings.webhooks.event.${event}`)} <code className="text-xs text-quiet">{event}</code></span>
          </label>
        ))}
      </fieldset>
      {save.isError && wrong === undefined && <Problem error={save.error} />}
      <Button kind="main" type="submit" disabled={save.isPending || watch("events").length === 0}>{t(endpoint === undefined ? "settings.webhooks.add" : "do.save")}</Button>
    </form>
  );
};
