import { expect, it } from "vitest";
import { customerName } from "./customer.ts";

it.each([
  [{ name: "Aroha Williams", phone: "+6421123" }, "Aroha Williams"],
  [{ name: " ", phone: "+6421123" }, "+6421123"],
  [{ name: "", phone: null }, "Unknown caller"],
  [null, "Unknown caller"],
])("a customer %j is called %s", (lead, shown) => expect(customerName(lead)).toBe(shown));
