// Debian's Chromium, and the things that no page of ours may do.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const out = fileURLToPath(new URL('./out/', import.meta.url));

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'], { encoding: 'utf8' }).trim(),
    // Containers have no user namespaces for the sandbox and a small /dev/shm.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-background-networking'],
  });

/** A page in a fresh context, with everything it complained about and every request it made. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const complaints = [];
  const requests = [];
  page.on('console', (message) => {
    // The answer to a wrong password is a 4xx, which Chromium also logs.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request));
  return { context, page, complaints, requests };
}

/** A picture for people to look at. */
export async function picture(page, name) {
  mkdirSync(out, { recursive: true });
  await page.screenshot({ path: `${out}${name}.png`, fullPage: true });
}

/** Fills in the sign-in pages, one step or two, and presses what Enter would press. */
export async function signIn(page, email, password) {
  const identifier = page.locator('input[name=identifier]');
  const field = page.locator('input[name=password]');
  await identifier.fill(email);
  if (!(await field.isVisible())) {
    await submit(page, identifier);
    await field.waitFor({ state: 'visible' });
  }
  await field.fill(password);
  await submit(page, field);
}

/** Presses the first submit button of the form that holds a field. */
export async function submit(page, field) {
  await page.locator('form').filter({ has: field }).locator('button[type=submit]').first().click();
}

/** What the page says, without the marks that keep names apart from the text around them. */
export const words = async (page) => (await page.locator('main').innerText()).replace(/[\u2066-\u2069]/g, '');

export function assertQuiet(complaints) {
  assert.deepEqual(complaints, [], 'the browser complained');
}
