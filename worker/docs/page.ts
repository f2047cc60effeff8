import { html } from "hono/html";
import type { ApiDocument, Operation, Schema } from "./document.ts";
import { STYLE } from "./style.ts";

/* The reference as one page without a script: nothing to load, nothing to trust. `html` escapes every value that is put into it. */

type Html = ReturnType<typeof html>;
type Content = Record<string, { schema?: Schema | undefined }>;

const MAX_DEPTH = 8;
const nameOf = (ref: string): string => ref.split("/").at(-1) ?? ref;

const limitsOf = (schema: Schema): string =>
  [
    schema.format, schema.pattern,
    schema.minimum === undefined ? undefined : `from ${schema.minimum}`, schema.maximum === undefined ? undefined : `to ${schema.maximum}`,
    schema.minLength === undefined ? undefined : `at least ${schema.minLength} characters`, schema.maxLength === undefined ? undefined : `at most ${schema.maxLength} characters`,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`, schema.description,
  ].filter((limit) => limit !== undefined).join("; ");

const typeOf = (schema: Schema): string => {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
  return type === "array" && schema.items ? `${typeOf(schema.items)}[]` : type;
};

const shape = (schema: Schema | undefined, depth = 0): Html | string => {
  if (!schema || depth > MAX_DEPTH) return "";
  if (schema.$ref !== undefined) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`;
  if (schema.items) return html`<p>A list of:</p>${shape(schema.items, depth + 1)}`;
  const { properties } = schema;
  if (!properties) return html`<p><code>${typeOf(schema)}</code> ${limitsOf(schema)}</p>`;
  const required = new Set(schema.required);
  return html`<dl>${Object.entries(properties).map(
    ([name, property]) => html`<dt><code>${name}</code>${required.has(name) ? "" : html` <i>optional</i>`} <span>${typeOf(property)}</span></dt>
      <dd>${limitsOf(property)}${property.properties || property.items?.properties ? shape(property, depth + 1) : property.items?.$ref !== undefined ? shape(property.items, depth + 1) : property.$ref === undefined ? "" : shape(property, depth + 1)}</dd>`,
  )}</dl>`;
};

const bodies = (content: Content | undefined): Html[] => Object.entries(content ?? {}).map(([type, { schema }]) => html`<p class="type">${type}</p>${shape(schema)}`);

const anchor = (method: string, path: string): string => `${method}${path}`.replaceAll(/[^a-zA-Z0-9]+/g, "-");

const accessOf = (security: Operation["security"]): string => {
  if (security.some((scheme) => "bearer" in scheme)) return "Needs a bearer token.";
  return security.some((scheme) => "twilio" in scheme) ? "Needs Twilio's signature, and no bearer token." : "Needs no bearer token.";
};

const operation = (method: string, path: string, { summary, security, parameters, requestBody, responses }: Operation): Html => html`
  <details id="${anchor(method, path)}">
    <summary><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code> <span>${summary}</span></summary>
    <p>${accessOf(security)}</p>
    ${parameters.length === 0 ? "" : html`<h4>Parameters</h4><dl>${parameters.map((one) => html`<dt><code>${one.name}</code> <i>${one.in}${one.required ? "" : ", optional"}</i> <span>${one.schema ? typeOf(one.schema) : ""}</span></dt><dd>${one.schema ? limitsOf(one.schema) : ""}</dd>`)}</dl>`}
    ${requestBody === undefined ? "" : html`<h4>Body</h4>${bodies(requestBody.content)}`}
    <h4>Answers</h4>
    ${Object.entries(responses).map(([status, answer]) => html`<div><p><b>${status}</b> ${answer.description}</p>${bodies(answer.content)}</div>`)}
  </details>`;

/** `/api/projects/{id}/dna` → `projects`: what people look for. */
const topicOf = (path: string): string => /^\/api\/([^/]+)/.exec(path)?.[1] ?? "service";

export const referencePage = (document: ApiDocument): Html => {
  const topics = new Map<string, Html[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    const entries = topics.get(topicOf(path)) ?? [];
    for (const [method, one] of Object.entries(methods)) entries.push(operation(method, path, one));
    topics.set(topicOf(path), entries);
  }
  const sorted = [...topics].sort(([a], [b]) => a.localeCompare(b));
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${document.info.title} ${document.info.version}: API reference</title><style>${STYLE}</style></head>
<body>
<header><h1>${document.info.title} API</h1><p>${document.info.description} Version ${document.info.version}. The same as <a href="/openapi.json">OpenAPI 3.1</a>, which validates the requests.</p>
<nav>${sorted.map(([topic]) => html`<a href="#topic-${topic}">${topic}</a> `)}<a href="#schemas">schemas</a></nav></header>
<main>${sorted.map(([topic, entries]) => html`<section id="topic-${topic}"><h2>${topic}</h2>${entries}</section>`)}
<section id="schemas"><h2>schemas</h2>${Object.entries(document.components.schemas).map(([name, schema]) => html`<details id="schema-${name}"><summary><code>${name}</code></summary>${shape(schema)}</details>`)}</section></main>
</body></html>`;
};
