// An S3 server on a free port of 127.0.0.1 with one bucket; says its port on standard output, and ends when its input closes.
import S3rver from 's3rver';

const [directory, bucket, port = '0'] = process.argv.slice(2);
const server = new S3rver({ address: '127.0.0.1', port: Number(port), silent: true, directory, configureBuckets: [{ name: bucket }] });
const { port: bound } = await server.run();
console.log(bound);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
