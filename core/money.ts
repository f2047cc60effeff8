/** Money is counted in micro-dollars, whole ones: so many are a US dollar. */
export const MICROS = 1_000_000;
