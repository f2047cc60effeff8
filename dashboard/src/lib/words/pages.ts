import { addWords } from "../words.ts";
import { pages } from "./pages.en.ts";

addWords({ pages });
