/** The Workers' own, which the gateway's files name; nothing that runs here uses it. */
declare class FixedLengthStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(expectedLength: number | bigint);
}
