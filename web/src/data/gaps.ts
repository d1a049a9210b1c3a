// Packed bits from how far their ones are apart: the inverse of `gaps_of` of Python.

export function bitsOf(content: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(content);
  const found = new Uint8Array(new DataView(content).getUint32(0, true));
  let position = -1;
  let gap = 0;
  let factor = 1;
  for (let i = 4; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    gap += (byte & 127) * factor;
    if (byte < 128) {
      position += gap + 1;
      const at = Math.floor(position / 8);
      found[at] = (found[at] as number) | (1 << (position % 8));
      gap = 0;
      factor = 1;
    } else factor *= 128;
  }
  return found.buffer;
}
