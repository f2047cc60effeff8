import type { Scope } from "./database.ts";

type Creators = Record<string, (scope: Scope) => unknown>;

/** One tenant's stores, by name, as they are asked for. */
export type Stores<C extends Creators> = { readonly tenantId: string } & { readonly [Name in keyof C]: ReturnType<C[Name]> };

/**
 * Stores that are made when they are first asked for. A call asks for its tenant's memory at each of its steps, and for one
 * store of the fifty in it: making them all at each was a twenty-fifth of what a lead takes of the processor.
 */
export const lazily = <C extends Creators>(creators: C): ((scope: Scope) => Stores<C>) => {
  class Lazy {
    readonly tenantId: string;
    readonly #scope: Scope;
    readonly #made = new Map<string, unknown>();

    constructor(scope: Scope) {
      this.tenantId = scope.tenantId;
      this.#scope = scope;
    }

    static {
      for (const [name, create] of Object.entries(creators)) {
        Object.defineProperty(this.prototype, name, {
          enumerable: true,
          get(this: Lazy) {
            if (!this.#made.has(name)) this.#made.set(name, create(this.#scope));
            return this.#made.get(name);
          },
        });
      }
    }
  }
  return (scope) => new Lazy(scope) as unknown as Stores<C>;
};
