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

async function pages() {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.html') && !file.endsWith('index.html')).sort();
}

for (const colorScheme of ['light', 'dark']) {
  test(`h_74_v_02_axe_finds_nothing_on_any_page_of_the_gallery_${colorScheme}`, async () => {
    const { page, context } = await newPage(browser, { colorScheme, viewport: { width: 1280, height: 900 } });
    const found = [];
    const all = await pages();
    assert.ok(all.length >= 20, `the gallery has ${all.length} pages`);
    for (const file of all) {
      await page.goto(pathToFileURL(join(folder, file)).href);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      for (const { id, nodes } of violations) found.push(`${file}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
    assert.deepEqual(found, []);
    await context.close();
  });
}

test('v_01_v_05_every_page_fits_a_phone_and_is_pictured', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context } = await newPage(browser, { colorScheme, viewport: { width: 360, height: 740 } });
    for (const file of await pages()) {
      await page.goto(pathToFileURL(join(folder, file)).href);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `${file} is ${overflow} pixels too wide`);
      await picture(page, `gallery-${relative('.', file).replaceAll(/[/\\]/g, '-').replace('.html', '')}-360-${colorScheme}`);
    }
    await context.close();
  }
});
