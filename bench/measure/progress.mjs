/** What is being done, in lines that grow while it is done. */
import { countText } from '../report/numbers.mjs';

const NAME_WIDTH = 12;
const STEP_WIDTH = 10;

export function createProgress(stream) {
  let lastName = '';
  return {
    begin(name, step) {
      const shown = name === lastName ? '' : name;
      lastName = name;
      stream.write(`${shown.padEnd(NAME_WIDTH)}${step.padEnd(STEP_WIDTH)}`);
    },
    add(text) {
      stream.write(`${text}   `);
    },
    end(text = '') {
      stream.write(`${text}\n`);
    },
    /** Must not be overlooked. */
    alarm(name, faults) {
      const shown = faults.slice(0, 5);
      const others = faults.length - shown.length;
      stream.write(`\n${'!'.repeat(72)}\n${name}: THE ANSWER IS WRONG, SO NOTHING IS TIMED\n`);
      for (const fault of shown) stream.write(`  ${fault}\n`);
      if (others > 0) stream.write(`  and ${countText(others)} more\n`);
      stream.write(`${'!'.repeat(72)}\n\n`);
    },
  };
}
