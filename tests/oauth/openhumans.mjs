import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import { consent } from './simulated.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const redirect_uri = 'http://127.0.0.1:7411/openhumans/complete'
let people = 10_000_000

function parts(simulator) {
  const as = {
    issuer: simulator.openhumans,
    authorization_endpoint: `${simulator.openhumans}/direct-sharing/projects/oauth2/authorize/`,
    token_endpoint: `${simulator.openhumans}/oauth2/token/`,
    revocation_endpoint: `${simulator.openhumans}/oauth2/revoke_token/`,
  }
  const client = { client_id: simulator.openhumans_client_id }
  return { as, client, auth: oauth.ClientSecretBasic(simulator.openhumans_client_secret) }
}

// A person nobody has seen goes through the consent page.
async function come_back({ as, client }, allow = 'yes') {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({
    client_id: client.client_id, response_type: 'code', redirect_uri, state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })
  people += 1
  return { back: await consent(url, `sim_oh=${people}`, allow), state, verifier, id: `${people}` }
}

async function exchange({ as, client, auth }, { back, state, verifier }) {
  const parameters = oauth.validateAuthResponse(as, client, back, state)
  const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, parameters, redirect_uri, verifier, insecure)
  return oauth.processAuthorizationCodeResponse(as, client, answer)
}

async function refresh({ as, client, auth }, token) {
  const answer = await oauth.refreshTokenGrantRequest(as, client, auth, token, insecure)
  return oauth.processRefreshTokenResponse(as, client, answer)
}

async function who(simulator, token) {
  const url = new URL(`${simulator.openhumans}/api/direct-sharing/project/exchange-member/`)
  const answer = await oauth.protectedResourceRequest(token, 'GET', url, undefined, undefined, insecure)
  return (await answer.json()).project_member_id
}

const refused = (error) => ({ name: 'ResponseBodyError', error, status: 400 })

export const openhumans_cases = {
  'Open Humans: the code flow with PKCE brings tokens that work': async (simulator) => {
    const with_parts = parts(simulator)
    const came = await come_back(with_parts)
    assert.equal(came.back.searchParams.get('origin'), 'external')
    const tokens = await exchange(with_parts, came)
    assert.equal(tokens.expires_in, 36000)
    assert.equal(tokens.token_type, 'bearer')
    assert.equal(await who(simulator, tokens.access_token), came.id)
  },
  'Open Humans: the client may send its secret in the body': async (simulator) => {
    const with_parts = { ...parts(simulator), auth: oauth.ClientSecretPost(simulator.openhumans_client_secret) }
    assert.ok((await exchange(with_parts, await come_back(with_parts))).refresh_token)
  },
  'Open Humans: a cancelled consent is access_denied': async (simulator) => {
    const with_parts = parts(simulator)
    const came = await come_back(with_parts, 'no')
    assert.equal(came.back.searchParams.get('origin'), null)
    await assert.rejects(exchange(with_parts, came), { name: 'AuthorizationResponseError', error: 'access_denied' })
  },
  'Open Humans: a wrong verifier is refused, and the code is still good': async (simulator) => {
    const with_parts = parts(simulator)
    const came = await come_back(with_parts)
    const wrong = { ...came, verifier: oauth.generateRandomCodeVerifier() }
    await assert.rejects(exchange(with_parts, wrong), refused('invalid_grant'))
    assert.ok((await exchange(with_parts, came)).access_token)
  },
  'Open Humans: a code is good once': async (simulator) => {
    const with_parts = parts(simulator)
    const came = await come_back(with_parts)
    const tokens = await exchange(with_parts, came)
    await assert.rejects(exchange(with_parts, came), refused('invalid_grant'))
    assert.equal(await who(simulator, tokens.access_token), came.id)
  },
  'Open Humans: a refresh brings a new pair and kills the old one': async (simulator) => {
    const with_parts = parts(simulator)
    const came = await come_back(with_parts)
    const first = await exchange(with_parts, came)
    const second = await refresh(with_parts, first.refresh_token)
    assert.notEqual(second.refresh_token, first.refresh_token)
    await assert.rejects(refresh(with_parts, first.refresh_token), refused('invalid_grant'))
    await assert.rejects(who(simulator, first.access_token), { name: 'WWWAuthenticateChallengeError' })
    assert.equal(await who(simulator, second.access_token), came.id)
  },
  'Open Humans: a wrong secret is invalid_client': async (simulator) => {
    const with_parts = { ...parts(simulator), auth: oauth.ClientSecretBasic('wrong') }
    await assert.rejects(refresh(with_parts, 'any'), (error) => {
      assert.equal(error.name, 'WWWAuthenticateChallengeError')
      assert.equal(error.status, 401)
      assert.equal(error.cause[0].parameters.error, 'invalid_client')
      return true
    })
  },
  'Open Humans: a pair can be revoked': async (simulator) => {
    const { as, client, auth } = parts(simulator)
    const tokens = await exchange({ as, client, auth }, await come_back({ as, client }))
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, auth, tokens.access_token, insecure))
    await assert.rejects(refresh({ as, client, auth }, tokens.refresh_token), refused('invalid_grant'))
  },
}
