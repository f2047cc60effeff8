import { addWords } from "../words.ts";
import { reports } from "./reports.en.ts";

addWords({ reports });
