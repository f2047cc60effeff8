/** Where a region's objects are to be (worker/env.ts). A jurisdiction is a promise and part of an object's id; a location is a hint, heard when an object is first made. */
export interface ObjectPlacement {
  jurisdiction: DurableObjectJurisdiction | undefined;
  location: DurableObjectLocationHint | undefined;
}

/** What all namespaces have, those of itty-durable's classes too, which workers-types has no brand for. */
interface Namespace {
  jurisdiction(jurisdiction: DurableObjectJurisdiction): unknown;
  newUniqueId(options?: DurableObjectNamespaceNewUniqueIdOptions): DurableObjectId;
  idFromName(name: string): DurableObjectId;
  idFromString(id: string): DurableObjectId;
  get(id: DurableObjectId, options?: DurableObjectNamespaceGetDurableObjectOptions): unknown;
  getByName(name: string, options?: DurableObjectNamespaceGetDurableObjectOptions): unknown;
}

/**
 * The namespace as a region uses it. Without a hint an object is made near whoever first asks for it, and that may be a vendor's server on another
 * continent, for good: an object does not move. (workerd has no jurisdictions and refuses one: none is set locally.)
 */
export const placed = <Own extends Namespace>(namespace: Own, { jurisdiction, location }: ObjectPlacement): Own => {
  if (jurisdiction !== undefined) return namespace.jurisdiction(jurisdiction) as Own;
  if (location === undefined) return namespace;
  const hinted: Namespace = {
    newUniqueId: (options) => namespace.newUniqueId(options),
    idFromName: (name) => namespace.idFromName(name),
    idFromString: (id) => namespace.idFromString(id),
    get: (id, options) => namespace.get(id, { locationHint: location, ...options }),
    getByName: (name, options) => namespace.getByName(name, { locationHint: location, ...options }),
    jurisdiction: (other) => namespace.jurisdiction(other),
  };
  return hinted as Own;
};
