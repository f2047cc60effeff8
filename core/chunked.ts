/** Pieces of at most `size`, in order; none of nothing. */
export const chunked = <T>(all: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
