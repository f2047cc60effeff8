import type { DurableObjectState } from "@cloudflare/workers-types";
import type { ApexEnv, ApexObject } from "apex-worker";

/** The product's class of objects, which are handed what becomes of their bindings. */
export const handed = (Product: ApexObject, change: (env: ApexEnv) => ApexEnv): ApexObject =>
  class extends Product {
    constructor(ctx: DurableObjectState, env: ApexEnv) {
      super(ctx, change(env));
    }
  };
