import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Posted {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Somebody's CRM, on this machine. A house reaches it with `EGRESS_ALLOW_HOSTS: receiver.host`. */
export const startReceiver = async () => {
  const posted: Posted[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      posted.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { posted, url: `http://127.0.0.1:${port}/hook`, host: `127.0.0.1:${port}`, answers: (next: number) => void (status = next), close: () => server.close() };
};

/** By the words of the specification, not by our code. */
export const signatureOf = (secret: string, { headers, body }: Posted): string =>
  `v1,${createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64")).update(`${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`).digest("base64")}`;
