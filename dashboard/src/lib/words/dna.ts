import { addWords } from "../words.ts";
import { dna } from "./dna.en.ts";

addWords({ dna });
