// Passkeys with Chromium's own virtual authenticator: what a script does, and what a person reads when it does not work.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openDevice } from './authenticator.mjs';
import { assertQuiet, launch, newPage, picture, signIn, submit } from './chromium.mjs';
import { startIdentity } from './identity.mjs';
import { ana, authorize as addressOf, bo, client, member, setting } from './setting.mjs';

const cleo = { email: 'cleo@acme.test', name: 'Cleo Cole', password: 'marble-lantern-geese-44' };

let app, identity, browser;

before(async () => {
  app = await startApp();
  const seed = setting(client(app.callback));
  seed.users.push(member(bo), member(cleo));
  identity = await startIdentity({ seed });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await identity?.stop();
  await app?.stop();
});

const at = (path) => new URL(path, identity.public_url).href;

const authorize = (state) => addressOf(identity, app, { state, prompt: 'login' });
const newDevice = (options) => openDevice(browser, options);

let uses = 0;

/** Moves what one authenticator holds to another. Its counter goes on: one that does not rise is a copy, and refused (WAN-05). */
async function copyKeys(from, to) {
  const { credentials } = await from.send('getCredentials');
  for (const credential of credentials) await to.send('addCredential', { credential: { ...credential, signCount: (uses += 10) } });
}

async function enrol(device, { email, password }, button = device.button) {
  await device.page.goto(at('/account/security/passkeys'));
  await signIn(device.page, email, password);
  await device.page.locator('a[href="/account/security/passkeys/add"]').click();
  await device.button.waitFor();
  await picture(device.page, 'add-passkey');
  await button.click();
  await device.page.waitForURL((url) => !url.pathname.endsWith('/add'));
  // The first factor comes with backup codes.
  await device.page.locator('input[name=saved]').check();
  await submit(device.page, device.page.locator('input[name=saved]'));
}

let mine;

test('h_41_a_passkey_is_added_on_the_account_page', async () => {
  mine = await newDevice();
  await enrol(mine, ana);
  await mine.page.goto(at('/account/security/passkeys'));
  assert.equal(await mine.page.locator('[data-part=passkeys] .item').count(), 1);
  assert.ok((await mine.page.locator('[data-part=passkeys] bdi').first().innerText()).length > 3, 'it has a name');
  await picture(mine.page, 'passkeys');
  const { credentials } = await mine.send('getCredentials');
  assert.equal(credentials.length, 1);
  assert.ok(credentials[0].isResidentCredential, 'it can sign in alone');
  assert.equal(Buffer.from(credentials[0].userHandle, 'base64').length, 16);
  assertQuiet(mine.complaints);
});

test('h_41_a_device_that_has_one_is_told_so', async () => {
  await mine.page.goto(at('/account/security/passkeys/add'));
  await mine.button.click();
  await assert.doesNotReject(mine.status.getByText(/already has a passkey/).waitFor());
  assert.ok(await mine.button.isEnabled());
  assertQuiet(mine.complaints);
});

test('a_passkey_is_the_second_step_after_a_password', async () => {
  const device = await newDevice();
  await copyKeys(mine, device);
  await device.page.goto(authorize('second'));
  await signIn(device.page, ana.email, ana.password);
  await device.page.waitForURL(/second_factor/);
  await picture(device.page, 'second-factor-passkey');
  await device.button.click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'second');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_41_a_security_key_that_keeps_no_passkeys_is_a_second_step', async () => {
  const device = await newDevice({ authenticator: { transport: 'usb', hasResidentKey: false } });
  await enrol(device, cleo, device.keyButton);
  await device.page.goto(at('/account/security/passkeys'));
  await device.page.getByText('Works after you have typed your address').waitFor();
  const { credentials } = await device.send('getCredentials');
  assert.deepEqual(credentials.map(({ isResidentCredential }) => isResidentCredential), [false]);
  await device.page.goto(authorize('key'));
  await signIn(device.page, cleo.email, cleo.password);
  await device.page.waitForURL(/second_factor/);
  await device.button.click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'key');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_05_a_passkey_signs_in_alone_by_its_button', async () => {
  const device = await newDevice();
  await copyKeys(mine, device);
  await device.page.goto(authorize('alone'));
  await picture(device.page, 'sign-in-passkey');
  await device.button.click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'alone');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_05_a_passkey_signs_in_from_the_autofill_of_the_address', async () => {
  const device = await newDevice({ autofill: true });
  await copyKeys(mine, device);
  await device.page.goto(authorize('autofill'));
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'autofill');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_05_a_waiting_autofill_steps_aside_for_the_button', async () => {
  const device = await newDevice({ autofill: true });
  await device.page.addInitScript(() => {
    window.calls = [];
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = (options) => {
      window.calls.push({ mediation: options.mediation ?? 'modal', pending: window.calls.some(({ signal }) => !signal.aborted), signal: options.signal });
      return options.mediation ? new Promise((_, reject) => options.signal.addEventListener('abort', () => reject(options.signal.reason))) : get(options);
    };
  });
  await copyKeys(mine, device);
  await device.page.goto(authorize('aside'));
  await device.page.waitForFunction(() => window.calls.length === 1);
  const calls = [];
  await device.page.exposeFunction('tell', (seen) => calls.push(...seen));
  await device.page.evaluate(() => {
    const { submit } = HTMLFormElement.prototype;
    HTMLFormElement.prototype.submit = async function () {
      await window.tell(window.calls.map(({ mediation, pending }) => ({ mediation, pending })));
      submit.call(this);
    };
  });
  await device.button.click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'aside');
  assert.deepEqual(calls, [{ mediation: 'conditional', pending: false }, { mediation: 'modal', pending: false }]);
  assertQuiet(device.complaints);
  await device.context.close();
});

test('w_07_cancelled_says_so_and_lets_one_try_again', async () => {
  const device = await newDevice();
  await copyKeys(mine, device);
  await device.send('setUserVerified', { isUserVerified: false });
  await device.page.goto(authorize('cancelled'));
  await device.button.click();
  await device.status.getByText('No passkey was used. Try again, or choose another way.').waitFor();
  assert.equal(await device.status.getAttribute('role'), 'status');
  assert.equal(await device.button.evaluate((button) => button === document.activeElement), true);
  await picture(device.page, 'passkey-cancelled');
  await device.send('setUserVerified', { isUserVerified: true });
  await device.button.click();
  assert.equal((await app.visit('/callback')).searchParams.get('state'), 'cancelled');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_06_timed_out_is_not_the_same_as_cancelled', async () => {
  const device = await newDevice();
  await device.page.clock.install();
  await copyKeys(mine, device);
  await device.send('setAutomaticPresenceSimulation', { enabled: false });
  await device.page.goto(authorize('late'));
  await device.button.click();
  await device.status.getByText('Follow the steps your browser shows.').waitFor();
  await device.page.waitForLoadState('networkidle');
  await device.page.clock.fastForward(301_000);
  await device.status.getByText(/took too long/).waitFor();
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_06_h_07_an_unknown_passkey_is_told_and_its_manager_hears_of_it', async () => {
  const device = await newDevice();
  await device.page.addInitScript(() => {
    PublicKeyCredential.signalUnknownCredential = async (told) => { sessionStorage.setItem('told', JSON.stringify(told)); };
  });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(16);
  await device.send('addCredential', {
    credential: {
      credentialId: credentialId.toString('base64'), isResidentCredential: true, rpId: 'localhost', signCount: 1,
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'), userHandle: randomBytes(16).toString('base64'),
    },
  });
  await device.page.goto(authorize('unknown'));
  await device.button.click();
  await device.page.locator('[role=alert]').getByText(/don’t know/).waitFor();
  assert.match(await device.page.title(), /^Error:/);
  await picture(device.page, 'passkey-unknown');
  const told = JSON.parse(await device.page.evaluate(() => sessionStorage.getItem('told')));
  assert.deepEqual(told, { rpId: 'localhost', credentialId: credentialId.toString('base64url') });
  assert.ok(await device.page.locator('input[name=identifier]').isVisible(), 'another way is at hand');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_07_the_account_page_tells_managers_what_there_is', async () => {
  const device = await newDevice();
  await device.page.addInitScript(() => {
    window.told = [];
    for (const name of ['signalAllAcceptedCredentials', 'signalCurrentUserDetails']) {
      PublicKeyCredential[name] = async (told) => { window.told.push([name, told]); };
    }
  });
  await enrol(device, bo);
  await device.page.goto(at('/account/security/passkeys'));
  const { credentials } = await device.send('getCredentials');
  const url = (base64) => Buffer.from(base64, 'base64').toString('base64url');
  const who = { rpId: 'localhost', userId: url(credentials[0].userHandle) };
  assert.deepEqual(await device.page.evaluate(() => window.told), [
    ['signalAllAcceptedCredentials', { ...who, allAcceptedCredentialIds: [url(credentials[0].credentialId)] }],
    ['signalCurrentUserDetails', { ...who, name: bo.email, displayName: bo.name }],
  ]);
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_73_without_javascript_the_page_says_that_passkeys_need_it', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(authorize('plain'));
  assert.match(await page.locator('main').innerText(), /Passkeys need JavaScript/);
  assert.equal(await page.locator('form[data-passkey] button').isVisible(), false);
  await picture(page, 'sign-in-no-js');
  await signIn(page, bo.email, bo.password);
  // Bo has a passkey, so that the second step is one: it says the same, and offers other ways.
  assert.match(await page.locator('main').innerText(), /Passkeys need JavaScript/);
  await context.close();
});

test('h_06_a_browser_without_passkeys_is_left_alone', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.addInitScript(() => { delete window.PublicKeyCredential; });
  await page.goto(authorize('old'));
  assert.equal(await page.locator('form[data-passkey] button').isVisible(), false);
  await signIn(page, bo.email, bo.password);
  await page.locator('form[data-passkey] [data-status]').getByText(/can’t use passkeys here/).waitFor();
  assertQuiet(complaints);
  await context.close();
});
