import { z } from "zod";

export interface PackageWeight {
  /** A package of npm, or a room of ours with a slash at its end. */
  name: string;
  /** Minified, before it is compressed. */
  bytes: number;
}

/** What is read of esbuild's metafile (esbuild.github.io/api/#metafile). */
const metafileSchema = z.object({ outputs: z.record(z.string(), z.object({ inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })) })) });

/** The innermost package of a path, as of `a/node_modules/b/node_modules/@c/d/e.js` `@c/d`; else its first folder. */
const ownerOf = (file: string): string => {
  const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return name ?? `${file.split("/").find((part) => part !== "..") ?? file}/`;
};

/** What each package and room adds to a bundle, heaviest first. @param metafile JSON that esbuild wrote */
export const weighPackages = (metafile: string): PackageWeight[] => {
  const weights = new Map<string, number>();
  for (const { inputs } of Object.values(metafileSchema.parse(JSON.parse(metafile)).outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) weights.set(ownerOf(file), (weights.get(ownerOf(file)) ?? 0) + bytesInOutput);
  }
  return [...weights].map(([name, bytes]) => ({ name, bytes })).toSorted((a, b) => b.bytes - a.bytes);
};
