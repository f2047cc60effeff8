import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { openBusiness } from "./support/business.ts";
import { send } from "./support/client.ts";
import { useHouse } from "./support/house.ts";
import { phoneNumber } from "./support/phone-numbers.ts";

/** Wrangler has ended of such clients (scripts/lib/supervisor.ts). */
const house = useHouse({ wrangler: true });

const serve = async (): Promise<string | null> => {
  // No text afterwards, so that a call that is over is over.
  const business = await openBusiness(house, { bridge: ["feedback: { enabled: false }"] });
  const { lead_id } = await business.submitGoogle({ phone: phoneNumber() });
  return (await business.settled(lead_id)).end_reason;
};

/** Whoever was rude before: the next lead is served. */
const expectService = async (): Promise<void> => {
  const served = await serve();
  expect(house.isAlive()).toBe(true);
  expect(served).toBe("connected");
};

it("a body of more than 256 KiB that does not say its length is 413, however often it is sent", async () => {
  const body = JSON.stringify({ email: "x".repeat(1024 * 1024) });
  for (let n = 0; n < 10; n++) {
    const answer = await send("POST", `${house.url}/api/auth/signup`, { body: new Blob([body]).stream(), headers: { "Content-Type": "application/json" } });
    expect(answer.status).toBe(413);
  }
  await expectService();
});

it("clients that go away in the middle of their request harm nobody else", async () => {
  const { hostname, port } = new URL(house.url);
  for (let n = 0; n < 5; n++) {
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(`POST /api/auth/signup HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"email":`, () => socket.resetAndDestroy());
    await once(socket, "close");
  }
  await expectService();
});
