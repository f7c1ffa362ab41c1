// A small web server that plays the app: it knows when the browser has come back to it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const VISIT_WITHIN = 30_000;

export async function startApp() {
  const visits = [];
  const waiting = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url, origin);
    response.setHeader('content-type', 'text/html').end(`<!doctype html><title>App</title><h1 id="app">${url.pathname}</h1>`);
    if (url.pathname === '/favicon.ico') return;
    visits.push(url);
    waiting.splice(0).forEach((resolve) => resolve());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  /** The address of the next visit to a path. */
  const visit = async (path) => {
    for (;;) {
      const at = visits.findIndex((url) => url.pathname === path);
      if (at >= 0) return visits.splice(at, 1)[0];
      await new Promise((resolve, reject) => {
        const patience = setTimeout(() => reject(new Error(`nobody came to ${path}; visits: ${visits.join(' ')}`)), VISIT_WITHIN);
        waiting.push(() => { clearTimeout(patience); resolve(); });
      });
    }
  };
  return {
    origin,
    callback: `${origin}/callback`,
    visit,
    /** A page comes back signed in, under the name the attempt was given. */
    arrived: async (page, state) => {
      const { searchParams } = await visit('/callback');
      assert.equal(searchParams.get('state'), state);
      assert.ok(searchParams.get('code'), searchParams.get('error'));
      await page.locator('#app').waitFor();
    },
    stop: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
