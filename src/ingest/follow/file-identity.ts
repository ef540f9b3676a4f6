/** Which file it is, whatever it is called: as long as it is open, no other has its device and inode. */

export type FileIdentity = string;

export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): FileIdentity {
  return `${dev} ${ino}`;
}
