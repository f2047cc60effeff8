import { Activity, ListChecks, Phone, Users } from "lucide-react";
import type { Words } from "@/lib/words";

/** The screens of a project, in the order of how often they are looked at. */
export const SCREENS = [
  { to: "/$project/now", icon: Activity, name: "nav.now" },
  { to: "/$project/leads", icon: Users, name: "nav.leads" },
  { to: "/$project/calls", icon: Phone, name: "nav.calls" },
  { to: "/$project/runs", icon: ListChecks, name: "nav.runs" },
] as const satisfies readonly { to: string; icon: unknown; name: Words }[];
/** So many of them fit beside each other on a phone of 360 px. */
export const ON_A_PHONE = 4;
