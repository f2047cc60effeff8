import { expect, it } from "vitest";
import { withActivity, notedRows, notedVendor } from "./activity.ts";
import { createMeasure } from "./measure.ts";

it("a measurement is written as the queries of docs/operations.md read it", async () => {
  const points: unknown[] = [];
  const measure = createMeasure({ writeDataPoint: (point) => void points.push(point) });
  await withActivity(async (activity) => {
    notedRows({ trips: 2, statements: 3, rows_read: 40, rows_written: 5 });
    for (const vendor of ["twilio", "twilio", "gemini"]) notedVendor(vendor);
    measure({ kind: "job", name: "sales_agent/notify_sms", outcome: "succeeded", tenantId: "ten_1", durationMs: 120, activity });
    return Promise.resolve();
  });
  expect(points).toEqual([{ indexes: ["ten_1"], blobs: ["job", "sales_agent/notify_sms", "succeeded"], doubles: [120, 40, 5, 2, 3] }]);
});
