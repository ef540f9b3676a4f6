/** Runs a whole process and times it, from before it is spawned to after it has gone. */
import { spawn } from 'node:child_process';
import { onTwoCores } from './two-cores.mjs';

const running = new Set();

/**
 * `{ seconds, fault, stdout }`: `fault` is null, or says how the process failed. It sees none of the caller's settings:
 * the folder it runs in, which is its own, is its home.
 */
export function runProcess(command, folder) {
  const { program, args, env = {} } = onTwoCores(command);
  return new Promise((resolve) => {
    const stdout = [];
    const stderr = [];
    const started = performance.now();
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...bareEnvironment(folder), ...env },
      // A process group of its own, so that a whole pipeline can be ended.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.stdout.on('data', (piece) => stdout.push(piece));
    child.stderr.on('data', (piece) => stderr.push(piece));
    child.on('error', (error) => end(`could not be run: ${error.message}`));
    child.on('close', (status, signal) => {
      const words = Buffer.concat(stderr).toString().trim().split('\n').slice(-3).join(' / ');
      end(status === 0 ? null : `ended with ${status ?? signal}: ${words}`);
    });
    function end(fault) {
      const seconds = (performance.now() - started) / 1000;
      running.delete(child);
      resolve({ seconds, fault, stdout: Buffer.concat(stdout).toString() });
    }
  });
}

/** Ends what still runs, for when the bench itself is ended. */
export function killRunning() {
  for (const { pid } of running) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has gone meanwhile.
    }
  }
}

function bareEnvironment(folder) {
  const settings = /^(MAPIPE_|NODE_|XDG_|HOME$|FORCE_COLOR$)/;
  const inherited = Object.entries(process.env).filter(([name]) => !settings.test(name));
  return { ...Object.fromEntries(inherited), HOME: folder };
}
