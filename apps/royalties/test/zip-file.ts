import { crc32, deflateRawSync } from 'node:zlib';

const headerBytes = 26;

/** A zip archive of files, without any of what is optional in one (APPNOTE.TXT, 4.3). */
export function zipFile(files: Record<string, string>): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const header = headerOf(name, text, packed);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), packed]);
    const position = Buffer.alloc(14);
    position.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, position, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** What the head of a file and its entry in the central directory have in common. */
function headerOf(name: string, text: string, packed: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(8, 4); // deflate
  header.writeUInt32LE(crc32(text), 10);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(Buffer.byteLength(text), 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}
