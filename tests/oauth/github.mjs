import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { consent } from './simulated.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirect_uri = 'http://127.0.0.1:7411/github/complete'
const cookie = 'sim_github=u1'

// GitHub answers errors with status 200, which is no OAuth 2. Its users turn those into the 400 that
// the library expects; every case of an error here sees the 200 first.
let last_status = 0
async function conform(response) {
  last_status = response.status
  const body = await response.clone().json()
  if (!body.error) return response
  assert.equal(response.status, 200, 'GitHub answers errors with status 200')
  return new Response(JSON.stringify(body), { status: 400, headers: response.headers })
}

function parts(simulator) {
  const as = {
    issuer: simulator.github,
    authorization_endpoint: `${simulator.github}/login/oauth/authorize`,
    token_endpoint: `${simulator.github}/login/oauth/access_token`,
    device_authorization_endpoint: `${simulator.github}/login/device/code`,
  }
  const client = { client_id: simulator.github_client_id }
  return { as, client, auth: oauth.ClientSecretPost(simulator.github_client_secret) }
}

async function come_back({ as, client }, { allow = 'yes', scope } = {}) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({
    client_id: client.client_id, redirect_uri, state, ...(scope && { scope }),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  return { back: await consent(url, cookie, allow), state, verifier }
}

async function ask_for_tokens({ as, client, auth }, { back, state, verifier }) {
  const parameters = oauth.validateAuthResponse(as, client, back, state)
  return oauth.authorizationCodeGrantRequest(as, client, auth, parameters, redirect_uri, verifier, insecure)
}

async function exchange(with_parts, came) {
  const answer = await conform(await ask_for_tokens(with_parts, came))
  return oauth.processAuthorizationCodeResponse(with_parts.as, with_parts.client, answer)
}

async function refresh({ as, client, auth }, token) {
  const answer = await conform(await oauth.refreshTokenGrantRequest(as, client, auth, token, insecure))
  return oauth.processRefreshTokenResponse(as, client, answer)
}

async function user(simulator, token) {
  const answer = await oauth.protectedResourceRequest(
    token, 'GET', new URL(`${simulator.github}/user`), undefined, undefined, insecure)
  return { ...(await answer.json()), status: answer.status, scopes: answer.headers.get('x-oauth-scopes') }
}

async function start_device({ as, client }, parameters = {}) {
  const answer = await conform(
    await oauth.deviceAuthorizationRequest(as, client, oauth.None(), parameters, insecure))
  return oauth.processDeviceAuthorizationResponse(as, client, answer)
}

async function poll({ as, client }, code) {
  const answer = await conform(await oauth.deviceCodeGrantRequest(as, client, oauth.None(), code, insecure))
  return oauth.processDeviceCodeResponse(as, client, answer)
}

async function decide_device({ verification_uri, user_code }, fields) {
  const body = new URLSearchParams({ user_code, ...fields })
  const headers = { cookie, 'user-agent': 'a browser' }
  return (await fetch(verification_uri, { method: 'POST', body, headers })).text()
}

async function revoke(simulator, what, access_token) {
  const basic = Buffer.from(`${simulator.github_client_id}:${simulator.github_client_secret}`).toString('base64')
  const answer = await fetch(`${simulator.github}/applications/${simulator.github_client_id}/${what}`, {
    method: 'DELETE', body: JSON.stringify({ access_token }),
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json', 'user-agent': 'test' },
  })
  return answer.status
}

const refused = (error) => ({ name: 'ResponseBodyError', error })

export const github_cases = {
  oauth_app: {
    'GitHub: the code flow with PKCE brings a token without end': async (simulator) => {
      const with_parts = parts(simulator)
      const tokens = await exchange(with_parts, await come_back(with_parts, { scope: 'repo read:user' }))
      assert.match(tokens.access_token, /^gho_/)
      assert.equal(tokens.expires_in, undefined)
      assert.equal(tokens.scope, 'repo,read:user')
      const seen = await user(simulator, tokens.access_token)
      assert.equal(seen.login, 'u1')
      assert.equal(seen.scopes, 'repo, read:user')
    },
    'GitHub: a cancelled consent is access_denied': async (simulator) => {
      const with_parts = parts(simulator)
      const came = await come_back(with_parts, { allow: 'no', scope: 'gist' })
      await assert.rejects(exchange(with_parts, came), { name: 'AuthorizationResponseError', error: 'access_denied' })
    },
    'GitHub: an error has status 200, and the library takes it for no answer': async (simulator) => {
      const with_parts = parts(simulator)
      const came = await come_back(with_parts)
      const answer = await ask_for_tokens(with_parts, { ...came, verifier: oauth.generateRandomCodeVerifier() })
      assert.equal(answer.status, 200)
      await assert.rejects(
        oauth.processAuthorizationCodeResponse(with_parts.as, with_parts.client, answer),
        { name: 'OperationProcessingError', code: oauth.INVALID_RESPONSE })
    },
    'GitHub: a wrong verifier is refused': async (simulator) => {
      const with_parts = parts(simulator)
      const came = await come_back(with_parts)
      const wrong = { ...came, verifier: oauth.generateRandomCodeVerifier() }
      await assert.rejects(exchange(with_parts, wrong), refused('bad_verification_code'))
      assert.equal(last_status, 200)
    },
    'GitHub: a code is good once': async (simulator) => {
      const with_parts = parts(simulator)
      const came = await come_back(with_parts)
      await exchange(with_parts, came)
      await assert.rejects(exchange(with_parts, came), refused('bad_verification_code'))
    },
    'GitHub: a wrong secret is told apart': async (simulator) => {
      const with_parts = parts(simulator)
      const came = await come_back(with_parts)
      const wrong = { ...with_parts, auth: oauth.ClientSecretPost('wrong') }
      await assert.rejects(exchange(wrong, came), refused('incorrect_client_credentials'))
    },
    'GitHub: the device flow waits, is slowed down, and brings a token': async (simulator) => {
      const with_parts = parts(simulator)
      const slow = await start_device(with_parts)
      assert.equal(slow.expires_in, 900)
      assert.equal(slow.interval, 5)
      await assert.rejects(poll(with_parts, slow.device_code), refused('authorization_pending'))
      await assert.rejects(poll(with_parts, slow.device_code), (error) => {
        assert.equal(error.error, 'slow_down')
        assert.equal(error.cause.interval, 10)
        return true
      })
      const quick = await start_device(with_parts, { scope: 'gist' })
      assert.match(await decide_device(quick, {}), /name="grant" value="gist" checked/)
      assert.match(await decide_device(quick, { allow: 'yes' }), /all set/)
      const tokens = await poll(with_parts, quick.device_code)
      assert.equal(tokens.scope, 'gist')
      assert.equal((await user(simulator, tokens.access_token)).login, 'u1')
      await assert.rejects(poll(with_parts, quick.device_code), refused('incorrect_device_code'))
    },
    'GitHub: a device that is refused gets access_denied': async (simulator) => {
      const with_parts = parts(simulator)
      const device = await start_device(with_parts)
      await decide_device(device, { allow: 'no' })
      await assert.rejects(poll(with_parts, device.device_code), refused('access_denied'))
    },
    'GitHub: a token, and a whole grant, can be revoked': async (simulator) => {
      const with_parts = parts(simulator)
      const first = await exchange(with_parts, await come_back(with_parts))
      const second = await exchange(with_parts, await come_back(with_parts))
      const third = await exchange(with_parts, await come_back(with_parts))
      assert.equal(await revoke(simulator, 'token', first.access_token), 204)
      assert.equal(await revoke(simulator, 'token', first.access_token), 404)
      assert.equal((await user(simulator, second.access_token)).status, 200)
      assert.equal(await revoke(simulator, 'grant', second.access_token), 204)
      assert.equal((await user(simulator, third.access_token)).status, 401)
    },
  },
  github_app: {
    'GitHub App: a token ends after eight hours and can be refreshed once': async (simulator) => {
      const with_parts = parts(simulator)
      const first = await exchange(with_parts, await come_back(with_parts))
      assert.match(first.access_token, /^ghu_/)
      assert.equal(first.expires_in, 28800)
      const second = await refresh(with_parts, first.refresh_token)
      assert.notEqual(second.refresh_token, first.refresh_token)
      await assert.rejects(refresh(with_parts, first.refresh_token), refused('bad_refresh_token'))
      assert.equal((await user(simulator, first.access_token)).status, 401)
      const seen = await user(simulator, second.access_token)
      assert.equal(seen.login, 'u1')
      assert.equal(seen.scopes, null)
    },
    'GitHub App: the device flow brings a pair too': async (simulator) => {
      const with_parts = parts(simulator)
      const device = await start_device(with_parts)
      await decide_device(device, { allow: 'yes' })
      assert.match((await poll(with_parts, device.device_code)).refresh_token, /^ghr_/)
    },
  },
}
