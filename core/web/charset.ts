const charsetOf = (contentType: string, body: Uint8Array): string => {
  const head = new TextDecoder("latin1").decode(body.subarray(0, 2048));
  return /charset=["']?([\w-]+)/i.exec(contentType)?.[1] ?? /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1] ?? /<\?xml[^>]+encoding=["']([\w-]+)/i.exec(head)?.[1] ?? "utf-8";
};

/** Text of an answer in the charset that its header, its `<meta>` or its XML declaration names; one that nobody knows is read as UTF-8. */
export const decodeBody = (body: Uint8Array, contentType: string): string => {
  try {
    return new TextDecoder(charsetOf(contentType, body)).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
};
