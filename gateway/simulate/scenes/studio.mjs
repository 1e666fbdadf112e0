import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';

const TYPES = { '.html': 'text/html', '.mjs': 'text/javascript' };

/** A browser that draws: load(id) sets a scene up, draw(pictures, take) gives each to take() as RGBA rows, bottom first. */
export async function openStudio() {
  let take = null;
  const server = http.createServer((request, response) => {
    if (request.method === 'POST') {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', async () => {
        await take(Buffer.concat(parts), Number(path.basename(request.url)));
        response.end();
      });
      return;
    }
    const file = path.join(import.meta.dirname, path.normalize(new URL(request.url, 'http://localhost').pathname));
    const type = TYPES[path.extname(file)];
    if (!type || !fs.existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', type);
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  // A software renderer draws the same everywhere, whatever the graphics card.
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  let page;
  return {
    async load(id) {
      await page?.close();
      page = await browser.newPage();
      page.setDefaultTimeout(0);
      page.on('console', (message) => {
        if (message.type() === 'error') console.error(message.text());
      });
      page.on('pageerror', (error) => console.error(error));
      await page.goto(`http://127.0.0.1:${server.address().port}/page/index.html`);
      await page.waitForFunction(() => window.ready, null, { timeout: 30_000 });
      await page.evaluate((name) => window.load(name), id);
    },
    async draw(pictures, taker) {
      take = taker;
      await page.evaluate((list) => window.draw(list), pictures);
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
