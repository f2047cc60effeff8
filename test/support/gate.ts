/** Holds up whoever waits at it until it is opened. */
export const closedGate = () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
};
