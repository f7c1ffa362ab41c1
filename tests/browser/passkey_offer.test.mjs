// H-42: a passkey is offered right after a password, where the browser can make one, and no is taken for an answer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp } from './app.mjs';
import { openDevice } from './authenticator.mjs';
import { assertQuiet, launch, newPage, picture, signIn, submit } from './chromium.mjs';
import { addApp, saveCodes, totp, typeCode } from './factors.mjs';
import { startProvider } from './identity.mjs';
import { ana, authorize, bo, client, member, setting } from './setting.mjs';

const dora = { email: 'dora@acme.test', name: 'Dora Dahl', password: 'willow-compass-trains-58' };
const edda = { email: 'edda@acme.test', name: 'Edda Eriksen', password: 'pebble-orchard-kites-63' };
const cleo = { email: 'cleo@acme.test', name: 'Cleo Cole', password: 'marble-lantern-geese-44' };

let app, provider, browser;

before(async () => {
  app = await startApp();
  const seed = setting(client(app.callback));
  seed.users.push(member(bo), member(cleo), member(dora), member(edda));
  provider = await startProvider({ seed });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await provider?.stop();
  await app?.stop();
});

/** Signs in by password; `offered` waits for the page that offers a passkey. */
async function begin(device, person, state, offered = true) {
  await device.page.goto(authorize(provider, app, { state, prompt: 'login' }));
  // The script asks the browser before it says so.
  if (offered) await device.page.locator('input[name=passkeys][value="1"]').waitFor({ state: 'attached' });
  await signIn(device.page, person.email, person.password);
  if (offered) await device.button.waitFor();
}

test('h_42_a_passkey_is_offered_after_a_password_and_signs_in_from_then_on', async () => {
  const device = await openDevice(browser);
  await begin(device, ana, 'offered');
  await picture(device.page, 'offer-passkey');
  await device.button.click();
  await device.page.locator('#codes').waitFor();
  await saveCodes(device.page);
  await app.arrived(device.page, 'offered');
  const { credentials } = await device.send('getCredentials');
  assert.equal(credentials.length, 1);
  await device.page.goto(authorize(provider, app, { state: 'alone', prompt: 'login' }));
  await device.button.click();
  await app.arrived(device.page, 'alone');
  assertQuiet(device.complaints);
  await device.context.close();
});

test('h_42_who_just_signed_up_is_offered_one', async () => {
  const device = await openDevice(browser);
  const { page } = device;
  await page.goto(authorize(provider, app, { state: 'new' }));
  await page.locator('input[type=submit][name=register]').click();
  await page.locator('input[name=passkeys][value="1"]').waitFor({ state: 'attached' });
  await page.locator('input[name=email]').fill('nora@example.test');
  await page.locator('input[name=password]').fill('quartz lemon bicycle 9');
  await submit(page, page.locator('input[name=password]'));
  const code = page.locator('input[name=code]');
  await code.waitFor();
  const [mail] = await provider.mails('nora@example.test');
  await code.fill(mail.codes[0]);
  await submit(page, code);
  await device.button.click();
  await page.locator('#codes').waitFor();
  await saveCodes(page);
  await app.arrived(page, 'new');
  assertQuiet(device.complaints);
  await device.context.close();
});

for (const [answer, name] of [['later', 'Not now'], ['never', 'Don’t ask again']]) {
  test(`h_42_${answer}_goes_straight_on_and_is_remembered`, async () => {
    const person = answer === 'later' ? bo : cleo;
    const device = await openDevice(browser);
    await begin(device, person, answer);
    await device.page.getByRole('button', { name }).click();
    await app.arrived(device.page, answer);
    await device.page.goto(authorize(provider, app, { state: `${answer}-again`, prompt: 'login' }));
    await device.page.locator('input[name=passkeys][value="1"]').waitFor({ state: 'attached' });
    await signIn(device.page, person.email, person.password);
    await app.arrived(device.page, `${answer}-again`);
    assertQuiet(device.complaints);
    await device.context.close();
  });
}

test('h_42_where_no_passkey_could_be_made_none_is_offered', async () => {
  const plain = await newPage(browser);
  await begin(plain, dora, 'plain', false);
  await app.arrived(plain.page, 'plain');
  assertQuiet(plain.complaints);
  await plain.context.close();
});

/** A manager that adds a passkey when it is asked quietly: nobody touches anything, so the flags say that nobody was there. */
const managing = (device) =>
  device.page.addInitScript(() => {
    const create = navigator.credentials?.create.bind(navigator.credentials);
    if (!create) return;
    const flat = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
    const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
    navigator.credentials.create = async ({ mediation, ...options }) => {
      const credential = await create(options);
      if (mediation !== 'conditional') return credential;
      const json = credential.toJSON();
      const [data, attestation] = [bytes(json.response.authenticatorData), bytes(json.response.attestationObject)];
      data[32] &= ~5;
      attestation[attestation.length - data.length + 32] &= ~5;
      Object.assign(json.response, { authenticatorData: flat(data), attestationObject: flat(attestation) });
      return { toJSON: () => json };
    };
  });

test('h_43_after_both_factors_the_manager_adds_a_passkey_by_itself', async () => {
  const device = await openDevice(browser);
  await managing(device);
  const { page } = device;
  await page.goto(authorize(provider, app, { state: 'app', prompt: 'login', acr_values: 'urn:identity:acr:2fa' }));
  await signIn(page, edda.email, edda.password);
  await page.locator('[data-part=ways] a[href*="totp"]').click();
  const key = await addApp(page, provider);
  await saveCodes(page);
  await app.arrived(page, 'app');
  assert.equal((await device.send('getCredentials')).credentials.length, 0, 'one thing to set up is enough');
  await page.goto(authorize(provider, app, { state: 'quiet', prompt: 'login' }));
  await page.locator('input[name=passkeys][value="1"]').waitFor({ state: 'attached' });
  await signIn(page, edda.email, edda.password);
  await typeCode(page, totp(key, await provider.advance(60)));
  await app.arrived(page, 'quiet');
  assert.equal((await device.send('getCredentials')).credentials.length, 1);
  await page.goto(authorize(provider, app, { state: 'alone-again', prompt: 'login' }));
  await device.button.click();
  await app.arrived(page, 'alone-again');
  assertQuiet(device.complaints);
  await device.context.close();
});
