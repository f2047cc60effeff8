import { XMLParser } from "fast-xml-parser";
import { isObject } from "../kit/json.ts";
import { ApplicationError } from "./leg.ts";

/** One element of a TwiML document. */
export interface Verb {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text directly in it, trimmed. */
  readonly text: string;
  readonly children: readonly Verb[];
}

/** Twilio's limit for a document (error 11750). */
const LIMIT_BYTES = 64 * 1024;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  // Without it numbers (&#39;) stay as they are; its successor is a table that the caller fills.
  // oxlint-disable-next-line typescript/no-deprecated
  htmlEntities: true,
});

/** The verbs in <Response>. Throws ApplicationError with Twilio's code when it is no TwiML. */
export function parseTwiml(document: string): readonly Verb[] {
  if (Buffer.byteLength(document) > LIMIT_BYTES) throw new ApplicationError(11750, "TwiML response body too large");
  const roots = toVerbs(wellFormed(document));
  const [root] = roots;
  if (roots.length !== 1 || root?.name !== "Response") throw new ApplicationError(12100, "Document parse failure: the root is not <Response>");
  return root.children;
}

function wellFormed(document: string): unknown {
  try {
    // Deprecated in favour of a second package, which this one check is not worth.
    // oxlint-disable-next-line typescript/no-deprecated
    return parser.parse(document, true) as unknown;
  } catch (error) {
    throw new ApplicationError(12100, `Document parse failure: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** fast-xml-parser's ordered form: [{Say: [{"#text": "…"}], ":@": {voice: "…"}}, …] */
function toVerbs(nodes: unknown): Verb[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    if (!isObject(node)) return [];
    const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text" && !key.startsWith("?"));
    if (name === undefined) return [];
    const inside = node[name];
    return [{ name, attributes: attributesOf(node[":@"]), text: textOf(inside), children: toVerbs(inside) }];
  });
}

function attributesOf(bag: unknown): Readonly<Record<string, string>> {
  if (!isObject(bag)) return {};
  return Object.fromEntries(Object.entries(bag).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return "";
  return nodes
    .map((node: unknown) => (isObject(node) && typeof node["#text"] === "string" ? node["#text"] : ""))
    .join("")
    .trim();
}
