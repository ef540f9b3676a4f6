/** Node.js with nothing to do: what the start of any program that runs on it costs at least. */
const NODE = { name: 'Node', find: () => process.versions.node };

export const nodeNothing = {
  name: 'node -e 0',
  engine: NODE,
  command: () => ({ program: process.execPath, args: ['-e', '0'], isNode: true }),
  faults: ({ stdout }) => (stdout === '' ? [] : ['it printed something']),
};
