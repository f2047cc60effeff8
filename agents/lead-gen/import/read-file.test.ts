import { describe, expect, it } from "vitest";
import { toCsv } from "../../../core/csv.ts";
import { MOST_ROWS, readFile } from "./read-file.ts";

const NZ = { country: "NZ", status: "new" as const };
const read = (text: string) => readFile(text, NZ);

describe("a file of leads", () => {
  it("is read by its headings, in any order and in people's words, whatever stands between cells", () => {
    const rows = [["E-Mail", "First name", "Last name", "Mobile", "Notes", "Suburb", "Stage", "Job value", "Last job", "Dog"], ["JANE@Example.nz", "Jane", "Doe", "021 555 1001", "Tap; drips", "Epsom", "Booked", "$1,250.50", "2025-03-01", "Rex"]];
    const wanted = {
      row: 2, name: "Jane Doe", phone: "+64215551001", email: "jane@example.nz", message: "Tap; drips", place: "Epsom", status: "won", amount: 1250.5, last_contacted_at: "2025-03-01T00:00:00.000Z", source: "import", service: null, fields: { Dog: "Rex" },
    };
    for (const between of [",", ";", "\t"]) {
      const text = rows.map((row) => row.map((cell) => `"${cell}"`).join(between)).join("\r\n");
      expect(read(`\uFEFF${text}\r\n`).leads).toEqual([wanted]);
    }
  });

  it("that the house exported is read back, formulas' apostrophes and all", () => {
    const text = toCsv([["ent_1", "p", "lead", "Jane", "+64215551001", "completed", "google_ads", "+64215551001", "jane@example.nz", "=1+1", "2026-01-01"]], ["id", "project_id", "entity_type", "name", "primary_contact", "status", "source", "phone", "email", "message", "created_at"]);
    const { leads, errors, columns } = read(text);
    expect(errors).toEqual([]);
    expect(leads).toMatchObject([{ name: "Jane", phone: "+64215551001", status: "completed", source: "google_ads", message: "=1+1", fields: {} }]);
    expect(columns.filter(({ as }) => as === "ignored").map(({ heading }) => heading)).toEqual(["id", "project_id", "entity_type", "primary_contact", "created_at"]);
  });

  it("names each row that cannot be a lead, as a spreadsheet counts it, and reads the others", () => {
    const { rows, leads, errors } = read("name,phone,email,status,last contact,amount\nA,021 555 1001,,,,\n\nB,12,,,,\nC,,nobody,,,\nD,,,,,\nE,021 555 1002,,opted_out,,\nF,021 555 1003,,,1/2/2025,\nG,021 555 1004,,,,many\nH,12,h@example.nz,,,\n");
    expect(rows).toBe(8);
    expect(leads.map(({ row, name }) => [row, name])).toEqual([[2, "A"], [9 + 1, "H"]].map(([row, name]) => [row, name]));
    expect(errors.map(({ row, column }) => [row, column])).toEqual([[4, "phone"], [5, "email"], [6, null], [7, "status"], [8, "last contact"], [9, "amount"]]);
  });

  it("has one lead of a person whom several rows are about: by phone, and by e-mail where one side has no phone", () => {
    const { leads, repeated } = read("name,phone,email,message,last contact\nJane,021 555 1001,,Tap,2025-01-01\n,+64 21 555 1001,jane@example.nz,Drain,2025-06-01\nJ. Doe,,JANE@example.nz,,\nJohn,021 555 1002,jane@example.nz,,\n");
    expect(repeated).toBe(2);
    expect(leads).toMatchObject([
      { row: 2, name: "Jane", phone: "+64215551001", email: "jane@example.nz", message: "Tap\nDrain", last_contacted_at: "2025-06-01T00:00:00.000Z" },
      { row: 5, name: "John", phone: "+64215551002" },
    ]);
  });

  it("cannot claim to be a hunt, whose finds are rung by their score", () => {
    expect(read("phone,source\n021 555 1001,Sniper\n021 555 1002,Yellow Pages!\n").leads.map(({ source }) => source)).toEqual(["import", "yellow_pages"]);
  });

  it.each([
    ["nothing", ""], ["headings only", "name,phone\n"], ["no phone and no e-mail", "name,place\nJane,Epsom\n"], ["no headings", "Jane,021 555 1001\n"], ["too many rows", `phone\n${"021 555 1001\n".repeat(MOST_ROWS + 1)}`],
  ])("with %s is refused", (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ status: 422 }) as Error);
  });
});
