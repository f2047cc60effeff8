import { Activity, ChartColumn, Crosshair, Dna, FileText, ListChecks, MessagesSquare, Phone, Rocket, Settings, Users } from "lucide-react";
import type { Words } from "@/lib/words";

/** The screens of a project, in the order of how often they are looked at. */
export const SCREENS = [
  { to: "/$project/now", icon: Activity, name: "nav.now" },
  { to: "/$project/leads", icon: Users, name: "nav.leads" },
  { to: "/$project/calls", icon: Phone, name: "nav.calls" },
  { to: "/$project/hunt", icon: Crosshair, name: "nav.hunt" },
  { to: "/$project/reactivate", icon: MessagesSquare, name: "nav.reactivate" },
  { to: "/$project/pages", icon: FileText, name: "nav.pages" },
  { to: "/$project/reports", icon: ChartColumn, name: "nav.reports" },
  { to: "/$project/runs", icon: ListChecks, name: "nav.runs" },
  { to: "/$project/dna", icon: Dna, name: "nav.dna" },
  { to: "/$project/setup", icon: Rocket, name: "nav.setup" },
  { to: "/$project/settings", icon: Settings, name: "nav.settings" },
] as const satisfies readonly { to: string; icon: unknown; name: Words }[];
/** So many of them fit beside each other on a phone of 360 px. */
export const ON_A_PHONE = 4;
