import { addWords } from "../words.ts";
import { hunt } from "./hunt.en.ts";

addWords({ hunt });
