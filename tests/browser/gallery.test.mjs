// Every page of the theme, light and dark, in every locale: axe finds nothing (H-74, V-02).
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch, newPage, picture } from './chromium.mjs';
import { identity } from './identity.mjs';

let folder, browser, axe;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-gallery-'));
  await identity('themes', 'gallery', '--out', folder);
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The pages of some of the gallery's folders, which are named like `en-light`. */
async function pages(wanted) {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.html') && wanted.test(file)).sort();
}

const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// Dark pages are the light ones in other colours.
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

for (const [colorScheme, runOnly] of [['light', EVERYTHING], ['dark', COLOURS]]) {
  test(`h_74_v_02_axe_finds_nothing_on_any_page_of_the_gallery_${colorScheme}`, async () => {
    const { page, context } = await newPage(browser, { colorScheme, viewport: { width: 1280, height: 900 } });
    const found = [];
    const all = await pages(new RegExp(`^[^/]+-${colorScheme}/`));
    assert.ok(all.length >= 20, `the gallery has ${all.length} pages`);
    for (const file of all) {
      await page.goto(pathToFileURL(join(folder, file)).href);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly, resultTypes: ['violations'] }), runOnly);
      for (const { id, nodes } of violations) found.push(`${file}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
    assert.deepEqual(found, []);
    await context.close();
  });
}

test('v_05_no_page_scrolls_sideways_at_320_pixels_in_any_language', async () => {
  const { page, context } = await newPage(browser, { viewport: { width: 320, height: 640 } });
  const wide = [];
  for (const file of await pages(/-light\//)) {
    await page.goto(pathToFileURL(join(folder, file)).href);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) wide.push(`${file} is ${overflow} pixels too wide`);
  }
  assert.deepEqual(wide, []);
  await context.close();
});

// Pictures for people: PICTURES=1 node --test gallery.test.mjs, then look into out/.
test('v_01_pictures', { skip: !process.env.PICTURES }, async () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 768, 1280]) {
      const { page, context } = await newPage(browser, { colorScheme, viewport: { width, height: 800 } });
      for (const file of await pages(new RegExp(`-${colorScheme}/`))) {
        await page.goto(pathToFileURL(join(folder, file)).href);
        await picture(page, `gallery-${relative('.', file).replaceAll(/[/\\]/g, '-').replace('.html', '')}-${width}`);
      }
      await context.close();
    }
  }
});
