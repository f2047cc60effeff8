import { type IncomingMessage, request as httpRequest, createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a request on its way: `lost`: it gets there, its answer does not come back. */
export type Weather = "fine" | "down" | "lost";

export interface Passed {
  method: string;
  /** Path and query. */
  path: string;
}

export interface FrontDoor {
  port: number;
  /** Each request, from the time of the last look. */
  requests: () => Passed[];
  /** What the weather is for each request; until it is said again. */
  weather: (of: (request: Passed) => Weather) => void;
  close: () => Promise<void>;
}

const listen = async (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

/** Stands before a web server on this machine, so that tests can have the line to it break where they want. */
export const openFrontDoor = async (behind: () => number, port = 0): Promise<FrontDoor> => {
  let passed: Passed[] = [];
  let weatherOf: (request: Passed) => Weather = () => "fine";

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, weather: Weather): void => {
    const onward = httpRequest({ port: behind(), host: "127.0.0.1", method: incoming.method, path: incoming.url, headers: incoming.headers }, (answer) => {
      if (weather === "lost") {
        answer.resume().once("end", () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  };

  const server = createServer((incoming, outgoing) => {
    const request = { method: incoming.method ?? "GET", path: incoming.url ?? "/" };
    passed.push(request);
    const weather = weatherOf(request);
    if (weather !== "down") {
      pass(incoming, outgoing, weather);
      return;
    }
    incoming.resume();
    outgoing.writeHead(503, { "Content-Type": "text/html" }).end("<h1>Briefly unavailable for scheduled maintenance.</h1>");
  });
  const bound = await listen(server, port);
  return {
    port: bound,
    requests: () => {
      const seen = passed;
      passed = [];
      return seen;
    },
    weather: (of) => void (weatherOf = of),
    close: async () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
