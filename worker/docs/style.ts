import { raw } from "hono/html";
import { createHash } from "node:crypto";

const CSS = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 20%,transparent)}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
h1,h2{line-height:1.2}nav{display:flex;flex-wrap:wrap;gap:.75rem}code{font:.9em ui-monospace,monospace}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.5rem .75rem}summary{cursor:pointer;overflow-wrap:anywhere}
details:target{border-color:currentColor}summary b{display:inline-block;min-width:4.5em}dl{margin:.25rem 0 .25rem 1rem}dt{margin-top:.35rem}dd{margin-left:1rem;opacity:.85;overflow-wrap:anywhere}
i,.type,dt span{opacity:.7;font-size:.9em}h4{margin:.75rem 0 .25rem}`;

/** The page's only style, inline; the policy below allows exactly these bytes. */
export const STYLE = raw(CSS);

/** Nothing runs and nothing loads; the one style is named by its hash. */
export const REFERENCE_CSP = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(CSS).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
