import { describe, expect, it } from "vitest";
import type { JsonSchema } from "../text/json-schema.ts";
import { readText } from "../text/yaml-text.ts";
import { accessOf } from "./form-context.ts";

const beneath = { identity: { niche: "plumber" }, services: [{ name: "Taps", price_from: 90 }, { name: "Drains" }] };
const schema: JsonSchema = { type: "object", properties: {} };

const open = (text: string) => {
  let written = text;
  const access = accessOf({
    text, custom: readText(text).value, beneath, origins: { "identity.niche": "generated", services: "vertical:plumber" }, schema,
    mistakes: [{ path: "services.0.name", message: "must not be empty" }], readOnly: false, write: (next) => { written = next; }, show: () => undefined,
  });
  return { access, said: () => readText(written).value, written: () => written };
};

describe("a change in the form", () => {
  it("of an inherited list's entry writes the whole list, of one's own only what it names", () => {
    const inherited = open("# ours\n");
    inherited.access.set(["services", 0, "price_from"], 99);
    expect(inherited.said()).toEqual({ services: [{ name: "Taps", price_from: 99 }, { name: "Drains" }] });
    const own = open("services:\n  - name: Boilers # hot\n  - name: Ovens\n");
    own.access.set(["services", 0, "name"], "Heaters");
    expect(own.written()).toBe("services:\n  - name: Heaters # hot\n  - name: Ovens\n");
  });

  it("that takes an entry away, or moves it, does so in an inherited list too", () => {
    for (const [change, expected] of [
      [({ remove }: ReturnType<typeof open>["access"]) => remove(["services", 0]), [{ name: "Drains" }]],
      [({ move }: ReturnType<typeof open>["access"]) => move(["services"], 1, 0), [{ name: "Drains" }, { name: "Taps", price_from: 90 }]],
      [({ remove }: ReturnType<typeof open>["access"]) => remove(["services", 0, "price_from"]), [{ name: "Taps" }, { name: "Drains" }]],
    ] as const) {
      const { access, said } = open("");
      change(access);
      expect(said()).toEqual({ services: expected });
    }
  });

  it("back to what lies below leaves nothing of its own", () => {
    const { access, said } = open("identity:\n  niche: roofer\nbrand_brain: {voice_tone: dry}\n");
    expect([access.originAt(["identity", "niche"]), access.originBelow(["identity", "niche"])]).toEqual(["custom", "generated"]);
    access.remove(["identity", "niche"]);
    expect(said()).toEqual({ brand_brain: { voice_tone: "dry" } });
  });
});

it("a mistake belongs to its value, and to what it is in where that is asked", () => {
  const { access } = open("");
  expect([access.mistakeAt(["services", 0, "name"]), access.mistakeAt(["services"]), access.mistakeAt(["services"], true)]).toEqual(["must not be empty", undefined, "must not be empty"]);
});
