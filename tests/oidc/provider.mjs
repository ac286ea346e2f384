// An OpenID provider for one client, on a port of its own, until its standard input ends. Says its issuer on the first line of stdout.
// node provider.mjs REDIRECT_URI PEOPLE [in-token]; PEOPLE is JSON: what is told of whom, by login.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [back, people, where] = process.argv.slice(2);
const known = JSON.parse(people);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'wenban', client_secret: 'a+secret:of%ours', redirect_uris: [back] }],
    claims: { openid: ['sub'], profile: ['name', 'id_number'] },
    // As the standard has it claims are told at the userinfo endpoint; many providers write them into the id token.
    conformIdTokenClaims: where !== 'in-token',
    pkce: { required: () => true },
    findAccount: (_, login) => login in known && { accountId: login, claims: () => ({ sub: login, ...known[login] }) },
    cookies: { keys: ['a key of the tests'] },
    features: { devInteractions: { enabled: true } },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
// Nobody reads on, and the provider warns on stdout too.
process.stdout.on('error', () => {});
process.stdin.resume().on('end', () => process.exit(0));
