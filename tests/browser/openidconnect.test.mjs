// The Rust crate openidconnect as the app (tests/harness/examples/openidconnect_peer.rs), the person in Chromium.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { assertQuiet, launch, newPage, signIn } from './chromium.mjs';
import { binary, startIdentity } from './identity.mjs';
import { SECRET, ana, client, setting } from './setting.mjs';

let peer, identity, browser, callback, ended;

before(async () => {
  peer = spawn(join(dirname(binary), 'examples/openidconnect_peer'), { stdio: ['pipe', 'pipe', 'inherit'] });
  ended = once(peer, 'exit');
  [callback] = await once(createInterface(peer.stdout), 'line');
  identity = await startIdentity({ seed: setting(client(callback, { token_endpoint_auth_method: 'client_secret_basic' })) });
  peer.stdin.write(`${JSON.stringify({ issuer: identity.issuer, client_id: 'app', client_secret: SECRET })}\n`);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await identity?.stop();
  peer?.kill();
  await ended;
});

test('the openidconnect crate accepts our discovery, ID token and userinfo', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(new URL('/', callback).href);
  await signIn(page, ana.email, ana.password);
  const shown = JSON.parse(await page.locator('#result').textContent());
  assert.equal(shown.userinfo.email, ana.email);
  assert.equal(shown.id_token.sub, shown.userinfo.sub);
  assertQuiet(complaints);
  await context.close();
});
