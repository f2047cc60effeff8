import { describe, expect, test } from "vitest";
import { connectionOverrides } from "./overrides.ts";
import { twilioSignature, type Params } from "./signature.ts";

const U = "https://mycompany.com/myapp.php?foo=1&bar=2";
const P: Params = [["CallSid", "CA1234567890ABCDE"], ["Caller", "+14158675309"], ["Digits", "1234"], ["From", "+14158675309"], ["To", "+18005551212"]];

describe("X-Twilio-Signature", () => {
  // The rows of CONTRACTS 1.7, which come from twilio-node's own tests.
  test.each<[row: number, url: string, params: Params, expected: string]>([
    [1, U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="],
    [2, "https://mycompany.com:443/myapp.php?foo=1&bar=2", P, "kvajT1Ptam85bY51eRf/AJRuM3w="],
    [3, "http://mycompany.com:80/myapp.php?foo=1&bar=2", P, "0ZXoZLH/DfblKGATFgpif+LLRf4="],
    [5, "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", P, "CukzLTc1tT5dXEDIHm/tKBanW10="],
    [8, `${U}&Body=It%27s+amazing`, P, "TfZzewPq8wqrGlMfyAud8+/IvJ0="],
    [9, U, [["MessagingBinding.Address", "+1325xxxxxxx"], ["MessagingBinding.Address", "+1415xxxxxxx"]], "83O6e2vORAoJHUNzJjDWN1jz+BA="],
    [9, U, [["MessagingBinding.Address", "+1415xxxxxxx"], ["MessagingBinding.Address", "+1325xxxxxxx"]], "83O6e2vORAoJHUNzJjDWN1jz+BA="],
    [10, U, [["Sid", "CA123"], ["SidAccount", "AC123"], ["Digits", "5678"], ["Digits", "1234"], ["Digits", "1234"]], "IK+Dwps556ElfBT0I3Rgjkr1wJU="],
    [14, "https://MyCompany.com/myapp.php?foo=1&bar=2", P, "g9IN/x4Cft2g517EjYvEvM/W7LU="],
  ])("agrees with vector %i", (_row, url, params, expected) => {
    expect(twilioSignature("12345", url, params)).toBe(expected);
  });

  test("leaves the fragment out", () => {
    expect(twilioSignature("12345", `${U}#rc=3&rp=5xx`, P)).toBe("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
  });
});

describe("connection overrides", () => {
  test("are one retry, on connection failure only, unless the fragment says otherwise", () => {
    expect(connectionOverrides("https://a.example/")).toMatchObject({ retries: 1, retryOn: new Set(["ct"]), valid: true });
    expect(connectionOverrides("https://a.example/#rc=3&rp=5xx,rt&rt=500")).toMatchObject({ retries: 3, retryOn: new Set(["5xx", "rt"]), readMs: 500, valid: true });
  });

  test.each(["rc=6", "rp=2xx", "ct=50", "nonsense=1"])("keep the default where they cannot be read: %s", (fragment) => {
    expect(connectionOverrides(`https://a.example/#${fragment}`)).toMatchObject({ retries: 1, connectMs: 5000, valid: false });
  });
});
