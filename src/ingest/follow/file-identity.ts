/** Which file it is, whatever it is called, and whether it is as it was. */

/** As long as a file is open, no other has its device and inode. */
export type FileIdentity = string;

/** Changes whenever the file is written. */
export type FileStamp = string;

interface NumberedFile {
  readonly dev: bigint;
  readonly ino: bigint;
}

interface WrittenFile extends NumberedFile {
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

export function identityOf({ dev, ino }: NumberedFile): FileIdentity {
  return `${dev} ${ino}`;
}

export function stampOf({ dev, ino, size, mtimeNs }: WrittenFile): FileStamp {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}
