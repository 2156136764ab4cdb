// peer.js - a peer that is node; how it is called, peer.h says.
'use strict';
const fs = require('fs'), tls = require('tls'), readline = require('readline'), { constants } = require('crypto');

const wishes = words => Object.fromEntries(words.filter(Boolean).map(w => [w.slice(0, w.indexOf('=')), w.slice(w.indexOf('=') + 1)]));
const page = size => Buffer.from(Array.from({ length: size }, (_, i) => i % 251));

function context(w) {
  const c = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ca: fs.readFileSync(w.ca),
              ciphers: (w.suite || 'ALL') + ':@SECLEVEL=0', secureOptions: w.resume === 'id' ? constants.SSL_OP_NO_TICKET : 0 };
  if (/^(X|P-)/.test(w.group || ''))                   // the list speaks for both ends' certificates, too (RFC 8422 §5.1)
    c.ecdhCurve = [...new Set([w.group, w.kind, w.also])].filter(g => /^(X|P-)/.test(g || '')).join(':');
  if (w.alpn)
    c.ALPNProtocols = w.alpn.split(',');
  if (w.cert)
    Object.assign(c, { cert: fs.readFileSync(w.cert), key: fs.readFileSync(w.key) });
  return c;
}

// Octets in writes of w.write, each a record: the next when the one before has gone.
function put(socket, w, data, then) {
  const some = +w.write || data.length;
  const next = at => at < data.length ? socket.write(data.subarray(at, at + some), () => next(at + some)) : then && then();
  next(0);
}

function visit(w, session) {
  return new Promise((done, fail) => {
    let kept = session, stapled = false;
    const got = [], socket = tls.connect({ ...context(w), host: '127.0.0.1', port: +w.port, servername: 'localhost',
                                           session, requestOCSP: !!w.staple });
    socket.setTimeout(10000, () => socket.destroy(new Error('nothing came')));
    socket.on('session', s => { kept = s; });
    socket.on('OCSPResponse', r => { stapled = r && r.length > 0; });
    socket.on('error', fail);
    socket.on('data', d => got.push(d));
    socket.on('secureConnect', () => put(socket, w, Buffer.from(`GET /${w.size} HTTP/1.0\r\nHost: localhost\r\n\r\n`)));
    socket.on('end', () => {
      const all = Buffer.concat(got);
      const why = !all.subarray(all.indexOf('\r\n\r\n') + 4).equals(page(+w.size)) ? `no page in ${all.length} octets` :
        session && !socket.isSessionReused() ? 'not resumed' : w.staple && !stapled ? 'nothing was stapled' :
        w.alpn && socket.alpnProtocol !== 'http/1.1' ? 'no ALPN' : '';
      why ? fail(new Error(why)) : done({ session: kept, facts: `suite=${socket.getCipher().name} resumed=${socket.isSessionReused()}` });
    });
  });
}

async function client(w) {
  try {
    let seen = await visit(w);
    if (w.resume)
      seen = await visit(w, seen.session);
    return 'ok ' + seen.facts;
  } catch (e) {
    return `failed ${e.message} ${e.reason || ''}`.replace(/\n/g, ' ');
  }
}

function server(w) {
  const kept = {};
  const s = tls.createServer({ ...context(w), requestCert: w.auth === '1', rejectUnauthorized: w.auth === '1',
                               dhparam: fs.readFileSync((/^ffdhe/.test(w.group || '') ? w.group : 'ffdhe2048') + '.pem') });
  s.on('newSession', (id, data, then) => { kept[id.toString('hex')] = data; then(); });
  s.on('resumeSession', (id, then) => then(null, kept[id.toString('hex')] || null));
  if (w.staple)
    s.on('OCSPRequest', (certificate, issuer, then) => then(null, fs.readFileSync(w.staple)));
  s.on('tlsClientError', e => console.log(e.message));
  s.on('secureConnection', socket => {
    let asked = '';
    socket.on('error', () => {});
    socket.on('data', d => {
      asked += d;
      if (!asked.includes('\r\n\r\n'))
        return;
      const size = +/GET \/(\d*)/.exec(asked)[1];
      asked = '';
      put(socket, w, Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`), page(size)]),
          () => socket.end());
    });
  });
  s.listen(+w.port, '127.0.0.1', () => console.log('ready'));
}

if (process.argv[2] === 'version')
  console.log(process.versions.node + ' with OpenSSL ' + process.versions.openssl);
else if (process.argv[2] === 'server')
  server(wishes(process.argv.slice(3)));
else {
  let before = Promise.resolve();
  readline.createInterface({ input: process.stdin }).on('line', line => {
    before = before.then(() => client(wishes(line.split(/\s+/)))).then(said => console.log(said));
  });
}
