/** For tests of what a question costs; the product counts itself by the same (core/observe). */
export { countedDatabase, newTally, type Tally } from "../../core/memory/counted-database.ts";
