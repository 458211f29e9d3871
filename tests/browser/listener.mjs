// The public listener with TLS of its own, and behind a reverse proxy.
//
//   node tests/browser/listener.mjs build/dev
// Prints TAP and a last line "N passed, N failed"; exits 1 when one failed.
import { conclude, limit_time, run_cases } from './cases.mjs'
import { behind_a_proxy, no_proxy_is_trusted, start_proxy } from './proxy.mjs'
import { make_certificate, own_tls } from './tls.mjs'
import { World, commits_of, free_port } from './world.mjs'

const build = process.argv[2] ?? 'build/dev'
const worlds = [new World(build), new World(build), new World(build)]
const [secure, proxied, alone] = worlds
const in_time = limit_time(60, worlds)
let proxy
try {
  await Promise.all(worlds.map((world) => world.start_simulators(commits_of('mona', 'mona/harbour', 30, 5), ['--person', '00000001:Mona'])))
  const port = await free_port()
  make_certificate(secure, 'first')
  await secure.start_daemon({ public: {
    port, url: `https://localhost:${port}`,
    tls_certificate_file: secure.file('served.crt'), tls_key_file: secure.file('served.key'),
  } })
  await run_cases('own TLS', own_tls, [secure])

  const rules = { requests_per_minute: 10, url: 'https://tidemark.example.org' }
  await proxied.start_daemon({ public: { ...rules, port: await free_port(), trusted_proxies: ['127.0.0.0/8'] } })
  proxy = await start_proxy(proxied)
  await run_cases('behind a proxy', behind_a_proxy, [proxied, proxy])
  await alone.start_daemon({ public: { ...rules, port: await free_port() } })
  await run_cases('without a trusted proxy', no_proxy_is_trusted, [alone])
} finally {
  proxy?.close()
  for (const world of worlds) await world.stop()
  in_time()
}
conclude()
