/** Not sooner: an alarm in the past would fire before the write that it guards is done. */
const SOONEST_MS = 50;

/** The one alarm that an object has. One that comes too early does no harm, so none is put off. All times are real ones, in ms. */
export const createObjectAlarm = (storage: Pick<DurableObjectStorage, "getAlarm" | "setAlarm">) => {
  /** Null: none is set; undefined until it was asked for. */
  let setFor: number | null | undefined;
  return {
    hasFired: (): void => void (setFor = null),

    async noLaterThan(time: number): Promise<void> {
      const known = setFor === undefined ? await storage.getAlarm() : null;
      // Whoever came meanwhile may have set one: that is not to be forgotten.
      setFor ??= known;
      const at = Math.max(Date.now() + SOONEST_MS, time);
      if (setFor !== null && setFor <= at) return;
      setFor = at;
      try {
        await storage.setAlarm(at);
      } catch (error) {
        setFor = undefined;
        throw error;
      }
    },
  };
};

export type ObjectAlarm = ReturnType<typeof createObjectAlarm>;
