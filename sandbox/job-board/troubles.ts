import { Readable } from "node:stream";
import type { Exchange } from "../kit/http.ts";
import type { JobBoard } from "./board.ts";
import { document, item, nextLink } from "./markup.ts";
import { postAt } from "./posts.ts";

const send = ({ response }: Exchange, status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => {
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8", ...headers });
  response.end(body);
};

function* forEver(): Generator<string> {
  yield "<!doctype html><title>Jobs</title><ul>";
  for (let count = 1; ; count += 1) yield `<li>Post number ${count} of a page that never ends</li>\n`;
}

const LOGIN = document("Log in", '<main><h1>Please log in to see this</h1><form action="/board/login" method="post"><label>E-mail <input name="email" type="email"></label><label>Password <input name="password" type="password"></label><button>Log in</button></form></main>');
const CAPTCHA = document("Just a moment…", '<main><h1>Checking that you are not a robot</h1><div class="g-recaptcha" data-sitekey="x"></div><script src="/board/recaptcha/api.js"></script></main>');
const FOREVER_SIZE = 4;

/** What boards do to those who read them. Undefined: no trouble here. */
export function troubleAt(pathname: string, board: JobBoard, now: () => number): ((exchange: Exchange) => void) | undefined {
  switch (pathname) {
    case "/board/members":
      return (exchange) => send(exchange, 302, "", { Location: "/board/login?next=%2Fboard%2Fmembers" });
    case "/board/login":
      return (exchange) => send(exchange, 200, LOGIN);
    case "/board/captcha":
      return (exchange) => send(exchange, 403, CAPTCHA);
    case "/board/forbidden":
      return (exchange) => send(exchange, 403, document("Forbidden", "<h1>Forbidden</h1>"));
    case "/board/down":
      return (exchange) => send(exchange, 503, "<h1>Down</h1>");
    case "/board/busy":
      return (exchange) => {
        if (board.takeBusy()) send(exchange, 429, "<h1>Too many requests</h1>", { "Retry-After": "1" });
        else send(exchange, 200, document("Jobs", `<ul>${board.find({ words: "", place: "" }).slice(0, 2).map((post) => item(post, now())).join("")}</ul>`));
      };
    case "/board/never-ends":
      return ({ response }) => {
        response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
        const source = Readable.from(forEver());
        response.on("close", () => source.destroy());
        source.pipe(response);
      };
    case "/board/for-ever":
      // Further on there is always more, all of it new.
      return (exchange) => {
        const page = Math.max(1, Number(exchange.url.searchParams.get("page") ?? "1"));
        const posts = Array.from({ length: FOREVER_SIZE }, (_, place) => ({ ...postAt("for ever", page * FOREVER_SIZE + place, now()), id: `e${page * FOREVER_SIZE + place}` }));
        send(exchange, 200, document(`Jobs, page ${page}`, `<ul>${posts.map((post) => item(post, now())).join("")}</ul>${nextLink(`/board/for-ever?page=${page + 1}`)}`));
      };
    case "/board/again":
      // Whatever page is asked for, it is the first.
      return (exchange) => {
        const page = Math.max(1, Number(exchange.url.searchParams.get("page") ?? "1"));
        send(exchange, 200, document("Jobs", `<ul>${board.find({ words: "", place: "" }).slice(0, 3).map((post) => item(post, now())).join("")}</ul>${nextLink(`/board/again?page=${page + 1}`)}`));
      };
    default:
      return undefined;
  }
}
