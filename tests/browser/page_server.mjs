// Serves the pages that tests_daemon wrote, with the headers of the public listener.
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
  "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', html: 'text/html; charset=utf-8' }

// The part of a page that its script fetches.
export function progress_of(folder, name) {
  return readFileSync(join(folder, `${name}.html`), 'utf8').match(/<section id="progress"[^]*?<\/section>/)[0]
}

// `answer(path, from)` may give {status, body, location}; null leaves the file of that name to be
// served. `from` names the page that asks.
export async function serve_pages(folder, answer = () => null) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname
    const name = path.startsWith('/assets/') ? path : `${path}.html`
    const headers = {
      'content-type': types[name.split('.').pop()], 'content-security-policy': policy,
      'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin',
    }
    const from = new URL(request.headers.referer ?? 'http://localhost').pathname.slice(1)
    const given = answer(path, from)
    if (given?.location) headers.location = given.location
    try {
      const body = given ? given.body ?? '' : readFileSync(join(folder, name))
      response.writeHead(given?.status ?? 200, headers).end(body)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}
