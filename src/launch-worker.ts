/** The file that a thread starts with: see launch.ts. */
import { launch } from './launch.js';

launch('piece-worker.cjs');
