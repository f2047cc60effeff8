import { definePhase, type Phase } from "../lib/phase.ts";
import { measureBundle } from "./bundle.ts";
import { measureCalls } from "./calls.ts";
import { callsReport } from "./calls.report.ts";
import { measureConversations } from "./conversation.ts";
import { bundleReport, rowsReport } from "./cost.report.ts";
import { measureDashboard } from "./dashboard.ts";
import { dashboardReport } from "./dashboard.report.ts";
import { measureGrowth } from "./growth.ts";
import { growthReport } from "./growth.report.ts";
import { measureLoad } from "./load.ts";
import { loadReport } from "./load.report.ts";
import { measureQueue } from "./queue.ts";
import { measureRows } from "./rows.ts";
import { conversationReport, queueReport } from "./turns.report.ts";

/** In the order of the page, and of the run. */
export const PHASES: readonly Phase[] = [
  definePhase({ name: "load", title: "Form to dial", measure: measureLoad, report: loadReport }),
  definePhase({ name: "queue", title: "The wait for a turn", measure: measureQueue, report: queueReport }),
  definePhase({ name: "conversation", title: "Form to conversation", measure: measureConversations, report: conversationReport }),
  definePhase({ name: "rows", title: "Rows of D1", measure: measureRows, report: rowsReport }),
  definePhase({ name: "growth", title: "Growth", measure: measureGrowth, report: growthReport }),
  definePhase({ name: "calls", title: "Calls in progress", measure: measureCalls, report: callsReport }),
  definePhase({ name: "dashboard", title: "The dashboard", measure: measureDashboard, report: dashboardReport }),
  definePhase({ name: "bundle", title: "The bundle, and the cold start", measure: measureBundle, report: bundleReport }),
];
