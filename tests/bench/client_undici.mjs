// The baseline of the client benchmark: undici's Pool, bodies read as JSON.
// usage: node client_undici.mjs PORT CERTIFICATE CONNECTIONS WARM_UP COUNT
// Prints microseconds of CPU per request of the COUNT requests after the WARM_UP ones.
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

const [port, certificate, ...numbers] = process.argv.slice(2);
const [connections, warmUp, count] = numbers.map(Number);
const pool = new Pool(`https://localhost:${port}`, {
  connections,
  connect: { ca: readFileSync(certificate) },
});

async function send(total) {
  let left = total;
  const worker = async () => {
    while (left-- > 0) {
      const { statusCode, body } = await pool.request({ path: '/users/octocat', method: 'GET' });
      const value = await body.json();
      if (statusCode !== 200 || value.items.length !== 20) throw new Error('a wrong answer');
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

await send(warmUp);
const before = process.cpuUsage();
await send(count);
const used = process.cpuUsage(before);
console.log((used.user + used.system) / count);
await pool.close();
