// A passkey where a second step is asked for, and one of every kind of key. The authenticator is Chromium's.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openDevice } from './authenticator.mjs';
import { assertQuiet, launch, picture, signIn, words } from './chromium.mjs';
import { addApp, saveCodes, totp, typeCode } from './factors.mjs';
import { startProvider } from './identity.mjs';
import { ana, authorize, bo, client, member, setting } from './setting.mjs';

const cleo = { email: 'cleo@acme.test', name: 'Cleo Cole', password: 'marble-lantern-geese-44' };

let app, provider, browser;

before(async () => {
  app = await startApp();
  const seed = setting(client(app.callback));
  seed.users.push(member(bo), member(cleo));
  provider = await startProvider({ seed, config: { mfa: { required: true, grace: '0s' } } });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await provider?.stop();
  await app?.stop();
});

const ask = (page, state) => page.goto(authorize(provider, app, { state, prompt: 'login' }));

/** Signs in by password, to the page that asks for a passkey to be made. */
async function begin(device, person, state) {
  await ask(device.page, state);
  await signIn(device.page, person.email, person.password);
  await device.page.locator('[data-part=ways] a[href*="passkey"]').click();
  await device.button.waitFor();
}

/** Lets the browser make keys of one kind only, of those that it was asked for. */
const only = (device, algorithm) =>
  device.page.addInitScript((algorithm) => {
    const create = navigator.credentials?.create.bind(navigator.credentials);
    if (!create) return;
    navigator.credentials.create = (options) => {
      options.publicKey.pubKeyCredParams = options.publicKey.pubKeyCredParams.filter(({ alg }) => alg === algorithm);
      return create(options);
    };
  }, algorithm);

for (const [person, kind, algorithm] of [[ana, 'ec', -7], [bo, 'rsa', -257]]) {
  test(`h_47_required_enrolment_by_a_passkey_ends_in_backup_codes_and_in_the_application (${kind})`, async () => {
    const device = await openDevice(browser);
    await only(device, algorithm);
    await begin(device, person, kind);
    await picture(device.page, 'enrol-passkey');
    await device.button.click();
    await device.page.locator('#codes').waitFor();
    await saveCodes(device.page);
    await app.arrived(device.page, kind);
    const { credentials } = await device.send('getCredentials');
    const key = createPrivateKey({ key: Buffer.from(credentials[0].privateKey, 'base64'), format: 'der', type: 'pkcs8' });
    assert.equal(key.asymmetricKeyType, kind);

    await ask(device.page, `${kind} alone`);
    await device.button.click();
    await app.arrived(device.page, `${kind} alone`);
    await ask(device.page, `${kind} second`);
    await signIn(device.page, person.email, person.password);
    await device.page.waitForURL(/second_factor/);
    await device.button.click();
    await app.arrived(device.page, `${kind} second`);
    assertQuiet(device.complaints);
    await device.context.close();
  });
}

test('h_06_h_47_a_passkey_that_is_not_made_leaves_other_ways_open', async () => {
  const device = await openDevice(browser);
  await begin(device, cleo, 'other');
  await device.send('setUserVerified', { isUserVerified: false });
  await device.button.click();
  await device.status.getByText(/Try again, or choose another way/).waitFor();
  assert.ok(await device.button.isEnabled());
  await picture(device.page, 'enrol-passkey-cancelled');

  await device.send('setUserVerified', { isUserVerified: true });
  await device.send('setAutomaticPresenceSimulation', { enabled: false });
  await device.page.clock.install();
  await device.page.reload();
  await device.button.click();
  await device.status.getByText('Follow the steps your browser shows.').waitFor();
  await device.page.waitForLoadState('networkidle');
  await device.page.clock.fastForward(301_000);
  await device.status.getByText(/took too long/).waitFor();

  await device.page.locator('main a[href$="/enrol"]').first().click();
  assert.match(await words(device.page), /asks everyone to add a second step/);
  await device.page.locator('[data-part=ways] a[href*="totp"]').click();
  const key = await addApp(device.page, provider);
  await saveCodes(device.page);
  await app.arrived(device.page, 'other');
  await ask(device.page, 'app');
  await signIn(device.page, cleo.email, cleo.password);
  await typeCode(device.page, totp(key, await provider.advance(30)));

  // H-42: who typed a password is offered a passkey once, and now makes it.
  await device.send('setAutomaticPresenceSimulation', { enabled: true });
  assert.ok(await device.page.locator('button[name=answer][value=later]').isVisible());
  await picture(device.page, 'offer-passkey');
  await device.button.click();
  await app.arrived(device.page, 'app');
  await ask(device.page, 'alone');
  await device.button.click();
  await app.arrived(device.page, 'alone');
  assertQuiet(device.complaints);
  await device.context.close();
});
