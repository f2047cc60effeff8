import { HtmlValidate, StaticConfigLoader } from "html-validate";

const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ["html-validate:standard", "html-validate:a11y"], rules: { "heading-level": "error", "tel-non-breaking": "off" } }));

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What html-validate finds in a whole document, each with its rule and line. */
export const mistakesInDocument = async (html: string): Promise<string[]> => {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`));
};

/** What html-validate finds in a page's markup. The frame around it is a plain one: the true one is not the writer's. */
export const mistakesIn = async ({ title, h1, body_html }: { title: string; h1: string; body_html: string }): Promise<string[]> =>
  mistakesInDocument(`<!DOCTYPE html>\n<html lang="en">\n<head><title>${escaped(title)}</title></head>\n<body><main><h1>${escaped(h1)}</h1>\n${body_html}\n</main></body>\n</html>\n`);
