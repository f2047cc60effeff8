import { createServer } from "node:net";

/** The port that was bound, null when somebody else has it. */
const bind = (port: number, host: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(null);
      // A machine without IPv6 has no such address to be busy.
      else if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve(port);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });

/** Whether nobody listens on a port of this machine, neither for everybody nor on its IPv4 or IPv6 loopback. */
export const isPortFree = async (port: number): Promise<boolean> => {
  for (const host of ["127.0.0.1", "::1", "0.0.0.0"]) {
    if ((await bind(port, host)) === null) return false;
  }
  return true;
};

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const port = await bind(0, "127.0.0.1");
  if (port === null) throw new Error("This machine has no free port.");
  return port;
};

/** A free port below those that systems give to outgoing connections: nobody takes it while what listens there is started again. */
export const freePortToKeep = async (): Promise<number> => {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isPortFree(port)) return port;
  }
};
