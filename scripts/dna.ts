import { runDna } from "./lib/dna-cli.ts";
import { ROOT } from "./lib/wrangler.ts";

process.exitCode = runDna(process.argv.slice(2), { root: ROOT, print: (line) => console.log(line), complain: (line) => console.error(line) });
