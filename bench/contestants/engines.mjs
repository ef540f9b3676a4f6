/** Which engines are there, and in which version. */

/** `{ [name]: version | null }` of all that take part in the rows. */
export async function findEngines(rows) {
  const engines = new Set(rows.flatMap(({ contestants = [] }) => contestants.map(({ engine }) => engine)));
  const found = {};
  for (const engine of engines) found[engine.name] = await engine.find();
  return found;
}
