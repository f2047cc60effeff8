import { request } from "node:http";

/**
 * Reads a hosted page of the local Worker. Its host name (`….pages.localhost`) is known to browsers, not to every system's resolver:
 * the connection goes to this machine, and the name into the request.
 */
export const fetchPage = async (url: string): Promise<{ status: number; type: string; body: string }> =>
  new Promise((resolve, reject) => {
    const { host, port, pathname, search } = new URL(url);
    const asked = request({ host: "127.0.0.1", port, path: `${pathname}${search}`, headers: { Host: host } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", body: Buffer.concat(chunks).toString("utf8") }));
    });
    asked.on("error", reject);
    asked.end();
  });
