import { z } from "zod";
import { action, type Agent, systemAction } from "../../core/kernel/agent.ts";
import type { AgentTools } from "../tools.ts";
import { deletePage, deletePageParams } from "./delete-page.ts";
import { deleteRecording, deleteRecordingParams } from "./delete-recording.ts";
import { deleteTenant } from "./delete-tenant.ts";
import { exportParams, exportTenant } from "./export-tenant.ts";
import { retain, retainParams } from "./retain.ts";
import { erasePerson, eraseParams } from "./erase-person.ts";

/** What the house does with people's data by its own rules. Nobody starts it through `/api/run`: its inputs are ours. */
export const privacyAgent: Agent<AgentTools> = {
  task: "privacy",
  internal: true,
  defaultAction: null,
  urgent: ["erase", "delete_page", "delete_recording", "export", "delete_tenant"],
  actions: {
    erase: systemAction(eraseParams, erasePerson),
    delete_page: action(deletePageParams, deletePage),
    delete_recording: action(deleteRecordingParams, deleteRecording),
    retain: action(retainParams, retain),
    export: systemAction(exportParams, exportTenant),
    delete_tenant: systemAction(z.object({}), deleteTenant),
  },
};
