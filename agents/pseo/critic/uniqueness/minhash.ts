/*
 * MinHash (Broder, "On the resemblance and containment of documents", 1997) with bands (Indyk and Motwani): the share of equal places in
 * two signatures estimates what share of their shingles two texts have in common, and texts that have much in common share a band.
 */

const BANDS = 32;
const ROWS = 4;
const PLACES = BANDS * ROWS;

/** murmur3's finaliser: every bit of the input moves every bit of the output. */
const mixed = (value: number): number => {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

const SEEDS = Uint32Array.from({ length: PLACES }, (_, place) => mixed(0x9e3779b9 + Math.imul(place, 0x7f4a7c15)));

/** 128 places of 32 bits. */
export const signatureOf = (shingles: Uint32Array): Uint32Array => {
  const signature = new Uint32Array(PLACES).fill(0xffffffff);
  for (const shingle of shingles) {
    SEEDS.forEach((seed, place) => {
      const hash = mixed(shingle ^ seed);
      if (hash < (signature[place] ?? 0)) signature[place] = hash;
    });
  }
  return signature;
};

/** 0 to 1: the estimated share of shingles that two texts have in common; give or take 0.09 in 95 of 100 cases. */
export const resemblance = (a: Uint32Array, b: Uint32Array): number => {
  let equal = 0;
  a.forEach((value, place) => {
    if (value === b[place]) equal += 1;
  });
  return equal / PLACES;
};

/**
 * A number for each band and what stands in it, below 2^37. Of two texts that share 0.6 of their shingles 99 of 100 share a band, at 0.4 56,
 * at 0.2 5, at 0.1 none in 300.
 */
export const bandsOf = (signature: Uint32Array): number[] =>
  Array.from({ length: BANDS }, (_, band) => {
    const hash = signature.slice(band * ROWS, (band + 1) * ROWS).reduce((sum, value) => mixed(sum ^ value), band);
    return band * 2 ** 32 + hash;
  });

export const signatureText = (signature: Uint32Array): string => btoa(String.fromCharCode(...new Uint8Array(signature.buffer)));
export const signatureFrom = (text: string): Uint32Array => new Uint32Array(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
