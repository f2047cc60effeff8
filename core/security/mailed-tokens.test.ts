import { describe, expect, it } from "vitest";
import { hashOfMailedToken, mailedTokenAgain, newMailedToken } from "./mailed-tokens.ts";

const OLD = "the-old-secret-of-many-characters";
const NEW = "the-new-secret-of-many-characters";

describe("a mailed token", () => {
  it("can be made again from its row while the secret is there, and is another for every row and secret", () => {
    const { token, hash } = newMailedToken("mlt_1", OLD);
    expect(hashOfMailedToken(token)).toBe(hash);
    expect(mailedTokenAgain({ id: "mlt_1", token_hash: hash }, OLD)).toBe(token);
    expect(newMailedToken("mlt_2", OLD).token).not.toBe(token);
    expect(newMailedToken("mlt_1", NEW).token).not.toBe(token);
  });

  it("outlives a rotation of the secret, and not its removal", () => {
    const { token, hash } = newMailedToken("mlt_1", OLD);
    expect(mailedTokenAgain({ id: "mlt_1", token_hash: hash }, `${NEW}, ${OLD}`)).toBe(token);
    expect(mailedTokenAgain({ id: "mlt_1", token_hash: hash }, NEW)).toBeNull();
  });
});
