/** A pipe into which nobody looks: what it costs at least to be brought the bytes of a file by another process. */
import { spawnSync } from 'node:child_process';

const DD = {
  name: 'dd',
  find: () =>
    /dd \(coreutils\) (\S+)/.exec(spawnSync('dd', ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? null,
};

export const barePipe = {
  name: 'cat | dd',
  engine: DD,
  command: ({ file }) => ({
    program: 'sh',
    args: ['-c', 'cat "$0" | LC_ALL=C dd bs=1048576 of=/dev/null 2>&1', file.path],
  }),
  faults({ stdout, file }) {
    const bytes = Number(/^(\d+) bytes/m.exec(stdout)?.[1]);
    return bytes === file.bytes ? [] : [`expected ${file.bytes} bytes to come through, got ${bytes}`];
  },
};
