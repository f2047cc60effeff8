import { addWords } from "../words.ts";
import { settings } from "./settings.en.ts";

addWords({ settings });
