import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TarEntry, tarStream } from "../../core/tar.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "apex-tar-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* each(entries: TarEntry[]): AsyncGenerator<TarEntry> {
  await Promise.resolve();
  yield* entries;
}
const entry = (name: string, content: Uint8Array): TarEntry => ({ name, size: content.byteLength, modified_at: 1_700_000_000_000, content });
const streamed = (one: TarEntry, piece: number): TarEntry => {
  const bytes = one.content as Uint8Array;
  let at = 0;
  return { ...one, content: new ReadableStream<Uint8Array>({ pull: (controller) => (at < bytes.length ? controller.enqueue(bytes.slice(at, (at += piece))) : controller.close()) }) };
};
const packed = async (entries: TarEntry[]): Promise<Buffer> => Buffer.from(await new Response(tarStream(each(entries))).arrayBuffer());

describe("a tar archive", () => {
  it("is what the system's own tar unpacks, whole and streamed files of every length", async () => {
    const files = [0, 1, 511, 512, 513, 100_000].map((size) => entry(`tables/t${size}/000001.jsonl`, new Uint8Array(size).map((_, index) => index % 251)));
    writeFileSync(path.join(folder, "a.tar"), await packed([...files, ...files.map((file) => streamed({ ...file, name: `streamed/${file.name}` }, 300))]));
    execFileSync("tar", ["-xf", "a.tar"], { cwd: folder });
    for (const file of files) for (const name of [file.name, `streamed/${file.name}`]) expect([name, Buffer.compare(readFileSync(path.join(folder, name)), file.content as Uint8Array)]).toEqual([name, 0]);
    expect(execFileSync("tar", ["-tf", "a.tar"], { cwd: folder, encoding: "utf8" }).trim().split("\n")).toHaveLength(12);
  });

  it("fails rather than lie about a size or a name", async () => {
    await expect(packed([{ ...entry("a", new Uint8Array(5)), size: 6 }])).rejects.toThrow("announced with 6 bytes and had 5");
    for (const name of ["", "a b", "ä", "x".repeat(101)]) await expect(packed([entry(name, new Uint8Array())])).rejects.toThrow("ASCII");
  });
});
