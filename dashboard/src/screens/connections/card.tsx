import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { connectionsQuery } from "@/api/queries";
import { agoOf } from "@/lib/format";
import { useProjectId } from "@/lib/project";
import { t } from "@/lib/words";
import { Badge } from "@/ui/badge";

const LISTEN_MS = 2_500;
const TONES = { missing: "plain", set_up: "accent", tested: "good", connected: "good" } as const;
type Name = "google_ads" | "website_form" | "phone_number" | "wordpress";

/** A connection as the API knows it now, asked again and again while it is looked at. */
export const useConnection = (name: Name) => {
  const { data } = useQuery({ ...connectionsQuery(useProjectId()), refetchInterval: LISTEN_MS });
  return { connection: data?.items.find(({ connection }) => connection === name), callsFrom: data?.calls_from ?? "" };
};

/** @param listens whether it turns green by itself, once something comes */
export const ConnectionCard = ({ name, title, listens = false, children }: { name: Name; title: string; listens?: boolean; children: ReactNode }) => {
  const { connection } = useConnection(name);
  const state = connection?.state ?? "missing";
  return (
    <details data-testid={`connection-${name}`} data-state={state} className="group">
      <summary className="flex min-h-14 cursor-pointer list-none items-center justify-between gap-3 px-5 py-2 text-sm hover:bg-raised">
        <span className="grid min-w-0 gap-0.5"><span className="font-medium">{title}</span>{connection?.what != null && <span className="truncate text-xs text-quiet">{connection.what}</span>}</span>
        <span className="flex shrink-0 items-center gap-2">
          <Badge tone={TONES[state]}>{t(`onboarding.connect.${state}`)}</Badge>
          <ChevronDown aria-hidden size={16} className="text-quiet transition-transform group-open:rotate-180" />
        </span>
      </summary>
      <div className="grid gap-4 px-5 pt-2 pb-5">
        {children}
        {listens && <p role="status" className="text-[13px] text-quiet">{connection?.at == null ? t("onboarding.connect.waiting") : t("onboarding.connect.lastCame", { when: agoOf(connection.at) })}</p>}
      </div>
    </details>
  );
};
