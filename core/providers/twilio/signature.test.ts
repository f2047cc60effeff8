import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, it } from "vitest";
import { isTwilioRequest, rawPathAndQuery, type TwilioCallback } from "./signature.ts";

const FORM = "application/x-www-form-urlencoded";
const JSON_BODY = '{"property": "value", "boolean": true}';
const JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const EMPTY_OBJECT_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const PATH = "/myapp.php?foo=1&bar=2";
const CALL = new URLSearchParams({ CallSid: "CA1234567890ABCDE", Caller: "+14158675309", Digits: "1234", From: "+14158675309", To: "+18005551212" }).toString();

const signed = (publicBaseUrl: string, path: string, rawBody: string, contentType: string | null, signature: string): TwilioCallback => ({
  authToken: "12345",
  signature,
  publicBaseUrl,
  rawPathAndQuery: path,
  contentType,
  rawBody,
});
const form = (base: string, signature: string, path = PATH, body = CALL): TwilioCallback => signed(base, path, body, FORM, signature);
const json = (path: string, signature: string, body = JSON_BODY): TwilioCallback => signed("https://mycompany.com", path, body, "application/json", signature);

/** Twilio's own vectors: github.com/twilio/twilio-node, spec/validation.spec.js; 14 and 15 from twilio-csharp. */
const VECTORS: [string, TwilioCallback][] = [
  ["1, a form", form("https://mycompany.com", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")],
  ["1, received at a port that the signature lacks", form("https://mycompany.com:1234", "RSOYDt4T1cUTdK1PDd93/VVr8B8=")],
  ["2, signed with https's port", form("https://mycompany.com", "kvajT1Ptam85bY51eRf/AJRuM3w=")],
  ["2, received at https's port", form("https://mycompany.com:443", "kvajT1Ptam85bY51eRf/AJRuM3w=")],
  ["3, signed with http's port", form("http://mycompany.com", "0ZXoZLH/DfblKGATFgpif+LLRf4=")],
  ["3, received at http's port", form("http://mycompany.com:80", "0ZXoZLH/DfblKGATFgpif+LLRf4=")],
  ["4, another port", form("http://mycompany.com:1234", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=")],
  ["5, user and password", form("https://user:pass@mycompany.com", "CukzLTc1tT5dXEDIHm/tKBanW10=")],
  ["6, user", form("https://user@mycompany.com", "2YRLlVAflCqxaNicjMpJcSTgzSs=")],
  ["7, user, password and port", form("https://user:pass@mycompany.com:443", "CukzLTc1tT5dXEDIHm/tKBanW10=")],
  ["7, signed with the port", form("https://user:pass@mycompany.com:443", "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=")],
  ["8, an encoded apostrophe", form("https://mycompany.com", "TfZzewPq8wqrGlMfyAud8+/IvJ0=", `${PATH}&Body=It%27s+amazing`)],
  ["8, signed encoded and received raw", form("https://mycompany.com", "TfZzewPq8wqrGlMfyAud8+/IvJ0=", `${PATH}&Body=It's+amazing`)],
  ["8, signed and received raw", form("https://mycompany.com", "dsq4Ehbj6cs+KdTkpF5sSSplOWw=", `${PATH}&Body=It's+amazing`)],
  ["9, a repeated name", form("https://mycompany.com", "83O6e2vORAoJHUNzJjDWN1jz+BA=", PATH, "MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx")],
  ["9, in another order", form("https://mycompany.com", "83O6e2vORAoJHUNzJjDWN1jz+BA=", PATH, "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx")],
  ["10, a repeated value, and a name that begins another", form("https://mycompany.com", "IK+Dwps556ElfBT0I3Rgjkr1wJU=", PATH, "SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234&Sid=CA123")],
  ["11, JSON", json(`${PATH}&bodySHA256=${JSON_HASH}`, "a9nBmqA0ju/hNViExpshrM61xv4=")],
  ["12, an empty JSON object, signed with the port", json(`${PATH}&bodySHA256=${EMPTY_OBJECT_HASH}`, "Ldidvp12m26NI7eqEvxnEpkd9Hc=", "{}")],
  ["12, signed without the port", json(`${PATH}&bodySHA256=${EMPTY_OBJECT_HASH}`, "rw/jVviOgicj2+kHZULvebnA4ag=", "{}")],
  ["13, JSON whose hash is the only parameter", json(`/myapp.php?bodySHA256=${JSON_HASH}`, "y77kIzt2vzLz71DgmJGsen2scGs=")],
  ["14, capitals in the host", form("https://MyCompany.com", "g9IN/x4Cft2g517EjYvEvM/W7LU=")],
  ["15, capitals and a port", form("https://MyCompany.com:1234", "PCqOZm8cnu/L6+u5i5fuEd+Iac4=")],
];
const GENUINE = form("https://mycompany.com", "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
const GENUINE_JSON = json(`${PATH}&bodySHA256=${JSON_HASH}`, "a9nBmqA0ju/hNViExpshrM61xv4=");

describe("isTwilioRequest", () => {
  it.each(VECTORS)("accepts vector %s", (_, callback) => {
    expect(isTwilioRequest(callback)).toBe(true);
  });

  it("accepts a base URL with a slash at its end, and a form that names its charset", () => {
    expect(isTwilioRequest({ ...GENUINE, publicBaseUrl: "https://mycompany.com/", contentType: `${FORM}; charset=UTF-8` })).toBe(true);
  });

  it.each<[string, TwilioCallback]>([
    ["without a signature", { ...GENUINE, signature: null }],
    ["with an empty signature", { ...GENUINE, signature: "" }],
    ["with a wrong signature", { ...GENUINE, signature: "RSOYDt4T1cUTdK1PDd93/VVr8B9=" }],
    ["with a signature that is no base64", { ...GENUINE, signature: "…" }],
    ["signed by another account", { ...GENUINE, authToken: "12346" }],
    ["with another host", { ...GENUINE, publicBaseUrl: "https://mycompany.org" }],
    ["with another scheme", { ...GENUINE, publicBaseUrl: "http://mycompany.com" }],
    ["with a query parameter added", { ...GENUINE, rawPathAndQuery: `${PATH}&lead=1` }],
    ["with its query in another order", { ...GENUINE, rawPathAndQuery: "/myapp.php?bar=2&foo=1" }],
    ["with a form parameter added", { ...GENUINE, rawBody: `${CALL}&Digits2=1` }],
    ["with a form parameter changed", { ...GENUINE, rawBody: CALL.replace("1234&", "1235&") }],
    ["with a form sent as JSON", { ...GENUINE, contentType: "application/json" }],
    ["with a form of no content type", { ...GENUINE, contentType: null }],
    ["with a JSON body changed", { ...GENUINE_JSON, rawBody: JSON_BODY.replace("true", "null") }],
    ["with a JSON body removed", { ...GENUINE_JSON, rawBody: "" }],
    ["with a hash changed along with the body", { ...GENUINE_JSON, rawBody: "{}", rawPathAndQuery: `${PATH}&bodySHA256=${EMPTY_OBJECT_HASH}` }],
    ["at a base that is no URL", { ...GENUINE, publicBaseUrl: "not a url" }],
  ])("refuses a request %s", (_, callback) => {
    expect(isTwilioRequest(callback)).toBe(false);
  });

  it("refuses everything for an account without a token, since anybody can sign with an empty one", () => {
    const signature = getExpectedTwilioSignature("", `https://mycompany.com${PATH}`, Object.fromEntries(new URLSearchParams(CALL)));
    expect(isTwilioRequest({ ...GENUINE, authToken: "", signature })).toBe(false);
  });
});

describe("rawPathAndQuery", () => {
  it.each([
    ["https://apex.example/api/voice/status?project_id=a%20b&x=%7E", "/api/voice/status?project_id=a%20b&x=%7E"],
    ["https://apex.example/api/voice/status?to=%2B6421&note=It%27s+on", "/api/voice/status?to=%2B6421&note=It%27s+on"],
    ["http://user@127.0.0.1:8787/", "/"],
    ["https://apex.example/?a=https://b/c", "/?a=https://b/c"],
  ])("keeps the percent-encoding of %s", (url, path) => {
    expect(rawPathAndQuery(new Request(url))).toBe(path);
  });
});
