// The first minute of a newcomer: open the chat, sign in, write a message that the chat accepts because it verified a token by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertQuiet, launch, newPage, picture, signIn, submit } from './chromium.mjs';
import { startIdentity } from './identity.mjs';

let identity, browser;

before(async () => {
  identity = await startIdentity({ services: true });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await identity?.stop();
});

// The demo people's password is generated at the first start and printed with the addresses.
const password = () => identity.output().match(/password\W+([A-Za-z0-9-]{8,})/i)[1];

test('ana_signs_in_to_the_demo_chat_and_writes_a_message', async () => {
  const { page, complaints, context } = await newPage(browser);
  await page.goto(identity.services.chat);
  await picture(page, 'demo-chat-before');
  const start = page.locator('a[href*="login"], a[href*="sign-in"], button[type=submit]').first();
  if (!page.url().startsWith(identity.public_url)) await start.click();
  await picture(page, 'demo-sign-in');
  await signIn(page, 'ana@acme.test', password());
  await page.waitForURL((url) => url.href.startsWith(identity.services.chat));
  assert.match(await page.locator('body').innerText(), /Ana/);
  await page.locator('textarea').fill('Hello from Ana');
  await submit(page, page.locator('textarea'));
  assert.match(await page.locator('.bubble').last().innerText(), /Hello from Ana/);
  await picture(page, 'demo-chat');

  // The other service lets her in without asking, and its API takes her token too.
  await page.goto(identity.services.analysis);
  await page.locator('a[href*="login"], a[href*="sign-in"], button[type=submit]').first().click();
  await page.waitForURL((url) => url.href.startsWith(identity.services.analysis));
  await page.locator('textarea').fill('One fish. Two fish.');
  await submit(page, page.locator('textarea'));
  assert.match(await page.locator('body').innerText(), /\b4\b/);
  await picture(page, 'demo-analysis');

  await page.goto(identity.services.chat);
  await page.getByRole('button', { name: 'Renew now' }).click();
  assert.match(await page.locator('body').innerText(), /Ana/);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL((url) => url.href.startsWith(identity.services.chat));
  assert.doesNotMatch(await page.locator('body').innerText(), /Ana/);
  assertQuiet(complaints);
  await context.close();
});
