import { addWords } from "../words.ts";
import { reactivate } from "./reactivate.en.ts";

addWords({ reactivate });
