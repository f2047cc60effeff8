import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createComposer, type Profiles, requireValid } from "../../core/dna/compose.ts";
import { readDocument } from "../../core/dna/document.ts";
import { dnaLayerJsonSchema, unknownKeys } from "../../core/dna/json-schema.ts";
import { AppError, type FieldError } from "../../core/errors.ts";

const USAGE = `npm run dna -- check FILE    is FILE a valid dna.custom.yaml? Says path, line and what was expected of each mistake.
                             FILE may be - for standard input. Exit code 0: valid, 1: not, 2: cannot be read.
npm run dna -- schema        prints the JSON Schema, for editors`;

/** `profiles/` from the disk: plain Node cannot import YAML. */
export const readProfiles = (root: string): Profiles => {
  const read = (...names: string[]): string => readFileSync(path.join(root, "profiles", ...names), "utf8");
  const verticals = readdirSync(path.join(root, "profiles/verticals")).filter((name) => name.endsWith(".yaml"));
  return { defaults: read("defaults.yaml"), verticals: new Map(verticals.map((name) => [path.basename(name, ".yaml"), read("verticals", name)])) };
};

export interface Output {
  print: (line: string) => void;
  complain: (line: string) => void;
}

/** The form that editors and terminals make a link of. */
const shown = (file: string, { path: where, message, line, column }: FieldError): string =>
  `${[file, ...(line === undefined ? [] : [line, column ?? 1])].join(":")}: ${where === "" || where.startsWith("line ") ? "" : `${where}: `}${message}`;

const check = (file: string, profiles: Profiles, { print, complain }: Output): number => {
  let yaml: string;
  try {
    yaml = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    complain(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  try {
    const { value, placeOf } = readDocument(yaml);
    // What the project's row says where the document does not.
    const composition = createComposer(profiles).compose({ project: { id: "check", name: "Business", country: "NZ" }, generated: "", custom: yaml });
    for (const key of unknownKeys(value)) complain(shown(file, { path: key.join("."), message: "warning: not a key that this release knows; it has no effect", ...placeOf(key) }));
    requireValid(composition, "custom");
    print(`${file}: valid${composition.vertical === null ? "" : `, over the vertical ${composition.vertical}`}`);
    return 0;
  } catch (error) {
    if (!(error instanceof AppError) || error.errors === undefined) throw error;
    for (const mistake of error.errors) complain(shown(file, mistake));
    return 1;
  }
};

/** @returns the process's exit code */
export const runDna = (args: readonly string[], { root, ...output }: Output & { root: string }): number => {
  const [command, file, ...rest] = args;
  if (command === "check" && file !== undefined && rest.length === 0) return check(file, readProfiles(root), output);
  if (command === "schema" && file === undefined) {
    output.print(JSON.stringify(dnaLayerJsonSchema(), null, 2));
    return 0;
  }
  const asked = command === "help" || command === "--help";
  (asked ? output.print : output.complain)(USAGE);
  return asked ? 0 : 2;
};
