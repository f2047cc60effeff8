import { descendants, type Element } from "./dom.ts";
import { visibleText } from "./lines.ts";

/** What a site puts between a reader and its pages. It is reported, and never got around. */
export type Wall = "login_wall" | "captcha";

/** Where the well-known ones say what they are: markup and script addresses of reCAPTCHA, hCaptcha, Turnstile, DataDome, PerimeterX, Arkose. */
const CAPTCHA_MARK = /g-recaptcha|h-captcha|cf-turnstile|cf-challenge|challenge-platform|recaptcha\/api|hcaptcha\.com|captcha-delivery\.com|px-captcha|arkoselabs|funcaptcha/i;
const CAPTCHA_WORDS = /\b(?:are you (?:a )?(?:human|robot)|not a (?:ro)?bot|verify (?:that )?you(?:'re| are) human|unusual traffic|checking your browser|just a moment|bestätigen sie, dass sie kein roboter|no (?:soy|eres) un robot)\b/i;
const LOGIN_PATH = /\/(?:log-?in|sign-?in|signin|authwall|sso|session\/new|users\/sign_in|checkpoint)(?:[/?#.]|$)/i;
const LOGIN_WORDS = /\b(?:log ?in|sign ?in|anmelden|einloggen|iniciar sesión|inicia sesión|se connecter|accedi)\b/i;
/** A page with a list and a log-in form in its corner is no wall. */
const LITTLE_TEXT = 600;

/**
 * Whether a page is a wall and not what was asked for.
 * @param asked the address that was asked for, `url` the one that answered
 */
export const wallOf = (root: Element, { asked, url, status }: { asked: string; url: string; status: number }): Wall | null => {
  const text = visibleText(root);
  const elements = [...descendants(root)];
  const isShort = text.length < LITTLE_TEXT;
  const marked = elements.some(({ name, attributes }) => CAPTCHA_MARK.test(`${attributes["class"] ?? ""} ${attributes["id"] ?? ""} ${name === "script" || name === "iframe" ? (attributes["src"] ?? "") : ""}`));
  if ((marked && (isShort || status >= 400)) || (CAPTCHA_WORDS.test(text) && isShort)) return "captcha";
  const hasPassword = elements.some(({ name, attributes }) => name === "input" && attributes["type"]?.toLowerCase() === "password");
  const wasSent = LOGIN_PATH.test(new URL(url).pathname) && !LOGIN_PATH.test(new URL(asked).pathname);
  if (wasSent || status === 401 || (hasPassword && isShort && LOGIN_WORDS.test(text))) return "login_wall";
  return null;
};
