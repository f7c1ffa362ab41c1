// What arrives by mail: codes that are typed, links that only show a button, and the list of caught mails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertQuiet, launch, newPage, picture, signIn, submit } from './chromium.mjs';
import { startIdentity } from './identity.mjs';
import { ana, setting } from './setting.mjs';

let identity, browser;
const at = (path) => new URL(path, identity.public_url).href;

before(async () => {
  identity = await startIdentity({ seed: setting() });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await identity?.stop();
});

async function mailTo(address) {
  for (;;) {
    const [mail] = await identity.mails(address);
    if (mail) return mail;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function signUp(page, address) {
  await page.goto(at('/register'));
  await page.locator('input[name=name]').fill('Nora Newton');
  await page.locator('input[name=email]').fill(address);
  await page.locator('input[name=password]').fill('quartz lemon bicycle 9');
  await submit(page, page.locator('input[name=password]'));
  await page.locator('input[name=code]').waitFor();
  return mailTo(address);
}

test('h_24_a_sign_up_is_finished_by_the_mailed_code_however_it_is_typed', async () => {
  const { page, complaints, context } = await newPage(browser);
  const mail = await signUp(page, 'nora@example.test');
  const code = page.locator('input[name=code]');
  assert.equal(await code.getAttribute('inputmode'), 'text');
  assert.equal(await code.getAttribute('autocapitalize'), 'characters');
  await code.fill('BCDFG-HJKLM');
  await submit(page, code);
  assert.match(await page.title(), /^Error:/);
  await picture(page, 'verify-wrong-code');
  await code.fill(` ${mail.codes[0].toLowerCase().replace('-', ' ')} `);
  await submit(page, code);
  assert.match(await page.locator('body').innerText(), /Nora Newton/);
  assertQuiet(complaints);
  await context.close();
});

test('x_03_a_link_opened_elsewhere_shows_a_button_and_a_password_is_chosen_there', async () => {
  const { page, complaints, context } = await newPage(browser);
  const mail = await signUp(page, 'lee@example.test');
  const elsewhere = await newPage(browser);
  await elsewhere.page.goto(mail.links[0]);
  await elsewhere.page.reload();
  await elsewhere.page.locator('main button[type=submit]').first().click();
  // Whoever signed up may be somebody else: their password opens nothing for whoever has the mailbox.
  const password = elsewhere.page.locator('input[name=password]');
  await password.fill('amber signal coffee 81');
  await submit(elsewhere.page, password);
  assert.match(await elsewhere.page.locator('[data-part=alert]').innerText(), /password is set/);
  await signIn(elsewhere.page, 'lee@example.test', 'amber signal coffee 81');
  assert.match(await elsewhere.page.locator('body').innerText(), /Nora Newton/);
  await elsewhere.page.goto(mail.links[0]);
  assert.match(await elsewhere.page.locator('h1').innerText(), /can’t be used/);
  await elsewhere.context.close();
  assertQuiet(complaints);
  await context.close();
});

test('h_23_a_forgotten_password_is_replaced_by_link_without_javascript', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(at('/recover'));
  await page.locator('input[name=identifier]').fill(ana.email);
  await submit(page, page.locator('input[name=identifier]'));
  await page.goto((await mailTo(ana.email)).links[0]);
  const password = page.locator('input[name=password]');
  await password.fill('password1234');
  await submit(page, password);
  assert.ok(await page.locator('#password-error').isVisible());
  await password.fill('amber signal coffee 81');
  await submit(page, password);
  assert.match(await page.locator('[data-part=alert]').innerText(), /password is set/);
  await signIn(page, ana.email, 'amber signal coffee 81');
  assert.match(await page.locator('body').innerText(), /Ana Petrova/);
  await context.close();
});

test('the_list_of_caught_mails_shows_their_html', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(at('/dev/mail'));
  await page.locator('summary', { hasText: 'HTML' }).first().click();
  await page.frameLocator('iframe').first().locator('[role=main]').waitFor();
  await picture(page, 'dev-mail');
  assertQuiet(complaints);
  await context.close();
});

test('h_29_the_link_of_a_sign_up_goes_on_in_its_browser_and_the_tab_that_waited_notices', async () => {
  const { page, complaints, context } = await newPage(browser);
  const mail = await signUp(page, 'ida@example.test');
  const tab = await context.newPage();
  await tab.goto(mail.links[0]);
  await tab.locator('main button[type=submit]').first().click();
  assert.match(await tab.locator('body').innerText(), /Nora Newton/);
  const code = page.locator('input[name=code]');
  assert.ok(await code.isVisible());
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await code.waitFor({ state: 'detached' });
  assert.match(await page.locator('h1').innerText(), /sign-in is done/);
  assertQuiet(complaints);
  await context.close();
});

test('h_67_a_tab_that_waits_says_that_the_address_was_confirmed_on_another_device', async () => {
  const { page, complaints, context } = await newPage(browser);
  const mail = await signUp(page, 'kim@example.test');
  const phone = await newPage(browser);
  await phone.page.goto(mail.links[0]);
  await phone.page.locator('main button[type=submit]').first().click();
  // H-29: the very password of the sign-up.
  const password = phone.page.locator('input[name=password]');
  await password.fill('quartz lemon bicycle 9');
  await submit(phone.page, password);
  assert.match(await phone.page.locator('[data-part=alert]').innerText(), /password is set/);
  await phone.context.close();
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.locator('input[name=code]').waitFor({ state: 'detached' });
  assert.match(await page.locator('h1').innerText(), /Your address is confirmed/);
  await picture(page, 'verify-confirmed-elsewhere');
  await page.locator('main button[type=submit]').first().click();
  const address = page.locator('input[name=identifier]');
  assert.equal(await address.inputValue(), 'kim@example.test');
  await signIn(page, 'kim@example.test', 'quartz lemon bicycle 9');
  assert.match(await page.locator('body').innerText(), /Nora Newton/);
  assertQuiet(complaints);
  await context.close();
});
