import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { meQuery } from "@/api/queries";
import { t } from "@/lib/words";
import { Panel, SkeletonRows } from "@/ui/panel";

/** Spares those who may not from a screen of refusals; the API refuses them all the same. */
export const AdminOnly = ({ children }: { children: ReactNode }) => {
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return <SkeletonRows />;
  return me.scopes.includes("admin") ? children : <Panel><p className="p-5 text-sm text-quiet">{t("settings.adminOnly")}</p></Panel>;
};
