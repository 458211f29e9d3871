// The TLS server that both clients of the client benchmark talk to.
// usage: node client_server.mjs CERTIFICATE KEY; says "port N" on standard error when it listens.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [certificate, key] = process.argv.slice(2);

// About 2 kB of JSON, like one object of the GitHub API.
const body = JSON.stringify({
  login: 'octocat',
  id: 583231,
  items: Array.from({ length: 20 }, (_, number) => ({
    id: 1000000 + number,
    full_name: `octocat/repository-${number}`,
    private: false,
    stargazers_count: number * 17,
    topics: ['alpha', 'beta'],
  })),
});
const headers = {
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': Buffer.byteLength(body),
  'Cache-Control': 'private, max-age=60',
  ETag: '"5f0d8e0b1c2d3e4f5a6b7c8d9e0f1a2b"',
  'X-RateLimit-Limit': '5000',
  'X-RateLimit-Remaining': '4999',
  'X-RateLimit-Reset': '1767607200',
};

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key), keepAliveTimeout: 60000 },
  (request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  },
);
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`port ${server.address().port}\n`);
});
