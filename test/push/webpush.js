// Reads a JSON array of [what, arguments] from stdin and writes the array of answers. Bytes are base64url.
const crypto = require('crypto');
const ece = require('http_ece');
const jws = require('jws');
const webPush = require('web-push');

const bytes = (text) => Buffer.from(text, 'base64url');

function ecdh(privateKey) {
  const key = crypto.createECDH('prime256v1');
  if (privateKey) key.setPrivateKey(bytes(privateKey));
  else key.generateKeys();
  return key;
}

// The public key as what verifies a signature, from the uncompressed point.
function verifier(point) {
  const raw = bytes(point);
  return crypto.createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') } });
}

const answers = {
  device() {
    const key = ecdh();
    return { private_key: key.getPrivateKey('base64url'), public_key: key.getPublicKey('base64url'), auth: crypto.randomBytes(16).toString('base64url') };
  },
  encrypt: ({ text, device_key, auth, sender, salt }) =>
    ece.encrypt(bytes(text), { version: 'aes128gcm', dh: bytes(device_key), privateKey: ecdh(sender), salt: bytes(salt), authSecret: bytes(auth) }).toString('base64url'),
  decrypt: ({ body, device, auth }) => ece.decrypt(bytes(body), { version: 'aes128gcm', privateKey: ecdh(device), authSecret: bytes(auth) }).toString('base64url'),
  headers: ({ audience, subject, public_key, private_key, expires }) => webPush.getVapidHeaders(audience, subject, public_key, private_key, 'aes128gcm', expires).Authorization,
  verify: ({ token, public_key }) => jws.verify(token, 'ES256', verifier(public_key).export({ type: 'spki', format: 'pem' })),
  request: ({ subscription, payload, options }) => webPush.generateRequestDetails(subscription, payload, options).headers,
};

const input = [];
process.stdin.on('data', (chunk) => input.push(chunk));
process.stdin.on('end', () => process.stdout.write(JSON.stringify(JSON.parse(Buffer.concat(input)).map(([what, args]) => answers[what](args ?? {})))));
