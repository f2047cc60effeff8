import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Files that take longest, the longest first: begun last, one of them would go on alone at the end. */
const LONG = ["chaos", "crash", "dashboard-reports", "scenarios/day", "dashboard-dna", "dashboard-settings", "dashboard-pages", "provision", "dashboard", "dashboard-onboarding", "pages", "dashboard-outreach", "scenarios/change", "conversation"];
const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((name) => moduleId.endsWith(`/system/${name}.test.ts`));
  return place < 0 ? LONG.length : place;
};

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => placeOf(a) - placeOf(b)));
  }
}

/**
 * The whole system from outside: a real Worker (with a state of its own) in processes of its own, the sandbox in ours, and HTTP
 * between them. In plain Node; one Worker a file (docs/design/decisions/0009-one-build-many-houses.md).
 */
export default defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    environment: "node",
    globalSetup: ["test/system/support/no-child-left.ts"],
    pool: "forks",
    // CI has two cores, and files wait: for telephones, for what is tried again later, for a browser. With four at once the sandbox may answer
    // so late, on a machine that others use too, that the product takes it for lost.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
