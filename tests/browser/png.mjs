// A PNG of a given size: a slow gradient, so that screenshots show where it ends and which picture it is.
import zlib from "node:zlib";

export function png(width, height, [red, green, blue]) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    let at = y * (1 + width * 3) + 1; // the byte before each row, 0, says that the row is not filtered
    const light = 0.6 + (0.4 * y) / height;
    for (let x = 0; x < width; x++) {
      rows[at++] = red * light;
      rows[at++] = green * light;
      rows[at++] = Math.min(255, blue * light + (x / width) * 60);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits of a channel
  header[9] = 2; // red, green, blue
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", zlib.deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

// zlib.crc32 came with Node 20.15 and 22.2.
function crc32(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
