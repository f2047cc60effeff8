import type { Activity } from "./activity.ts";

/** One request, job, effect of a call, or sweep, as it is written to Analytics Engine. */
export interface Measurement {
  kind: "request" | "job" | "effect" | "sweep";
  /** `GET /api/leads`, `sales_agent/notify_sms`, `dial`. */
  name: string;
  /** A status of HTTP, or of a run; of an effect `done`, `put_off`, `failed`. */
  outcome: string;
  /** "": of nobody that is known. */
  tenantId: string;
  durationMs: number;
  activity: Activity;
}

export type Measure = (measurement: Measurement) => void;

/**
 * Points of the dataset behind `METRICS`. Index: the tenant, by which the service samples. Blobs: kind, name, outcome. Doubles: duration in
 * ms, rows read, rows written, requests to D1, vendor calls. (docs/operations.md has queries.)
 */
export const createMeasure =
  (dataset: Pick<AnalyticsEngineDataset, "writeDataPoint">): Measure =>
  ({ kind, name, outcome, tenantId, durationMs, activity: { database, vendors } }) =>
    dataset.writeDataPoint({
      indexes: [tenantId],
      blobs: [kind, name, outcome],
      doubles: [durationMs, database.rows_read, database.rows_written, database.trips, Object.values(vendors).reduce((sum, calls) => sum + calls, 0)],
    });
