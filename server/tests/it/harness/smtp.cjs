// A mail server for tests: npm's smtp-server, told what to do by lines on its standard input.
//
//   node smtp.cjs PORT [KEY CERTIFICATE]
//
// A line is `accept`, `later` (451), `never` (550), `policy` (550, about us) or `slow` (answers after two seconds). Each mail that was
// taken is one line of JSON on the standard output, after a first line with the port. With a key there
// is STARTTLS, and one must log in as postman.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { simpleParser } = require("mailparser");
const { SMTPServer } = require("smtp-server");

const [, , port, key, certificate] = process.argv;
let manner = "accept";
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const refusals = { later: [451, "Try again later"], never: [550, "No such user"], policy: [550, "5.7.1 Blocked by our policy"] };

const server = new SMTPServer({
  disabledCommands: key ? [] : ["AUTH", "STARTTLS"],
  authOptional: !key,
  ...(key && { key: readFileSync(key), cert: readFileSync(certificate) }),
  onAuth({ username, password }, session, done) {
    const right = username === "postman" && password === "rings/twice" && session.secure;
    done(right ? null : new Error("Wrong user, or not encrypted"), { user: username });
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", async () => {
      if (refusals[manner]) {
        const [responseCode, message] = refusals[manner];
        done(Object.assign(new Error(message), { responseCode }));
        return;
      }
      if (manner === "slow") {
        await new Promise((resume) => setTimeout(resume, 2000));
      }
      const mail = await simpleParser(Buffer.concat(chunks));
      const heads = Object.fromEntries(mail.headerLines.map(({ key: name, line }) => [name, line]));
      const to = session.envelope.rcptTo.map(({ address }) => address);
      say({ to, from: mail.from.text, subject: mail.subject, text: mail.text, html: mail.html, heads, secure: session.secure });
      done();
    });
  },
});
server.on("error", (error) => process.stderr.write(`${error.message}\n`));
server.listen(Number(port), "127.0.0.1", () => say({ port: server.server.address().port }));

createInterface({ input: process.stdin })
  .on("line", (line) => {
    manner = line.trim();
    say({ manner });
  })
  // Whoever started it has gone.
  .on("close", () => process.exit(0));
