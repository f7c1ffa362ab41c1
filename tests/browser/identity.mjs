// Starts the real binary on free ports and stops it again.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const binary = process.env.IDENTITY_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug/identity');

const READY_WITHIN = 30_000;

/**
 * `identity dev` with data that dies with it.
 * `seed`: declarative objects in place of the demo data. `services`: with the demo chat and analysis.
 */
export async function startIdentity({ seed, services = false, args = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'identity-browser-'));
  const ready = join(folder, 'ready.json');
  const options = ['dev', '--ephemeral', '--listen', '127.0.0.1:0', '--management', '127.0.0.1:0', '--ready-file', ready, ...args];
  if (seed) {
    await writeFile(join(folder, 'seed.json'), JSON.stringify(seed));
    options.push('--seed', join(folder, 'seed.json'));
  }
  if (!services) options.push('--no-demo-services');

  const child = spawn(binary, options, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
  const ended = new Promise((resolve) => child.once('exit', resolve));

  const info = await waitFor(ready, child, () => output);
  return {
    ...info,
    output: () => output,
    mails: async (to) => (await (await fetch(new URL('/dev/mail.json', info.public_url))).json()).filter((mail) => mail.to === to),
    stop: async () => {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(patience);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The same provider with a configuration of its own and a clock that stands still (tests/harness/examples/provider.rs).
 * `config`: keys that differ from the defaults. `advance` moves the clock by so many seconds and does the background work that is due.
 */
export async function startProvider({ seed, config = {} }) {
  const child = spawn(join(dirname(binary), 'examples/provider'), { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (bytes) => (complaints += bytes));
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const tell = async (what) => {
    child.stdin.write(`${JSON.stringify(what)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the provider ended:\n${complaints}`);
    return JSON.parse(value);
  };
  const info = await tell({ seed, config });
  const advance = async (seconds) => (await tell({ advance: seconds })).now;
  const caught = (path) => async (to) => {
    await advance(0);
    return (await (await fetch(new URL(path, info.public_url))).json()).filter((message) => message.to === to);
  };
  return {
    ...info,
    advance,
    mails: caught('/dev/mail.json'),
    messages: caught('/dev/sms.json'),
    stop: async () => {
      child.stdin.end();
      const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** The binary's other commands; resolves with what it printed. */
export function identity(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(output) : reject(new Error(`identity ${args.join(' ')}: ${code}\n${output}`))));
  });
}

async function waitFor(file, child, output) {
  const deadline = Date.now() + READY_WITHIN;
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('}') || text.endsWith('}\n')) return JSON.parse(text);
    if (child.exitCode !== null) throw new Error(`identity dev ended with ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`identity dev is not ready after ${READY_WITHIN} ms:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
