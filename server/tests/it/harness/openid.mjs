// An OpenID provider for tests: npm's oidc-provider, with a log-in page that takes any name.
//
//   node openid.mjs PORT REDIRECT
//
// Whoever logs in as `kim` has the address kim@example.kr, which is confirmed unless the name begins with `un`.
import Provider from "oidc-provider";

const [, , port, redirect] = process.argv;
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "dure", client_secret: "hush", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `${id} 님`,
      email: `${id}@example.kr`,
      email_verified: !id.startsWith("un"),
    }),
  }),
  cookies: { keys: ["a key for tests"] },
});
provider.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));

// Whoever started it has gone.
process.stdin.on("end", () => process.exit(0)).resume();
