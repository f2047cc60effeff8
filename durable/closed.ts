/** How often objects of a closed service look whether it is open again. */
export const CLOSED_LOOK_MS = 60_000;
