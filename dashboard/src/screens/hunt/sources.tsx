import { useMutation } from "@tanstack/react-query";
import { api, ok } from "@/api/client";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy-button";
import { Empty, Panel } from "@/ui/panel";
import { Problem } from "@/ui/problem";
import type { HuntSource } from "./hunt.queries.ts";
import { huntWord } from "./words.ts";

const toneOfState = (state: HuntSource["state"]): Tone => (state === "ready" ? "good" : state === "no_permission" ? "warn" : "bad");

const Said = ({ name, children }: { name: string; children: string }) => (
  <div>
    <dt className="text-xs text-quiet">{name}</dt>
    <dd className="text-[13px] break-words">{children}</dd>
  </div>
);

const Source = ({ source: { name, kind, chosen, state, url, searches, permission, permits } }: { source: HuntSource }) => (
  <li className="grid gap-1.5 px-4 py-3">
    <div className="flex flex-wrap items-center justify-between gap-2">
      <span className="min-w-0 text-sm font-medium break-words">{name.replaceAll("_", " ")}</span>
      <Badge tone={toneOfState(state)}>{huntWord("state", state)}</Badge>
    </div>
    <p className="text-[13px] break-all text-quiet">
      {[kind === null ? null : huntWord("kind", kind), chosen ? (state === "ready" ? (searches === 1 ? t("hunt.searchesOne") : t("hunt.searches", { count: searches })) : null) : t("hunt.notChosen"), url].filter((one) => one !== null).join(" · ")}
    </p>
    {permits !== null && (
      <details className="text-[13px]">
        <summary className="cursor-pointer text-quiet hover:text-text">{t("hunt.more")}</summary>
        <dl className="mt-2 grid gap-2">
          {permission !== null && <Said name={t("hunt.permission")}>{`${huntWord("by", permission.by)}: ${permission.statement}${permission.until === null ? "" : ` (${permission.until})`}`}</Said>}
          <Said name={t("hunt.says")}>{`${permits.statement} ${t("hunt.accepted", { accepts: permits.accepts.map((by) => huntWord("by", by)).join(", ") })}.`}</Said>
          {state !== "ready" && <Said name={t("hunt.instead")}>{permits.instead}</Said>}
        </dl>
      </details>
    )}
  </li>
);

/** The address is a key: it is fetched when it is asked for, and the audit log says that it was. */
const MailAddress = () => {
  const project_id = useProjectId();
  const shown = useMutation({ mutationFn: async () => ok(api.GET("/api/projects/{project_id}/webhooks", { params: { path: { project_id } } })) });
  const address = shown.data?.hunt_mail.address;
  return (
    <div className="grid gap-2 border-t px-4 py-3">
      <p className="text-sm font-medium">{t("hunt.mail")}</p>
      <p className="text-[13px] text-quiet">{t("hunt.mailWhy")}</p>
      {shown.error !== null && <Problem error={shown.error} />}
      {shown.data === undefined && <div><Button size="small" disabled={shown.isPending} onClick={() => shown.mutate()}>{t("hunt.mailShow")}</Button></div>}
      {address === null && <p className="text-[13px]">{t("hunt.mailNone")}</p>}
      {typeof address === "string" && <div className="flex flex-wrap items-center gap-2"><code className="text-[13px] break-all">{address}</code><CopyButton text={address} name={t("hunt.mailAddress")} /></div>}
    </div>
  );
};

export const Sources = ({ sources }: { sources: readonly HuntSource[] }) => (
  <Panel title={t("hunt.sources")}>
    {sources.length === 0 ? <Empty title={t("hunt.noSources")}>{t("hunt.noSourcesWhy")}</Empty> : <ul className="divide-y">{sources.map((source) => <Source key={source.name} source={source} />)}</ul>}
    <MailAddress />
  </Panel>
);
